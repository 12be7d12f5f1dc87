#@fragment argv-npx@
