#@fragment argv-always@
