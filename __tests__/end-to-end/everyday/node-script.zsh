# node below zsh
node -e 'console.log(process.argv.slice(1).join("-"))' a b
node -e 'process.exit(7)'; print $?
print 'console.log("stdin")' | node -
out=$(node -p '1 + 1'); print $out
(node -e 'process.kill(process.pid, "SIGTERM")'; print $?) 2>/dev/null
