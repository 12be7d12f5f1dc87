#@fragment argv-jest@
