# a script that runs node and passes its status and output on
node -e 'console.log(process.argv.slice(1).join("-"))' a b
node -e 'process.exit(7)'; echo $?
echo 'console.log("from stdin", process.argv.length)' | node -
out=$(node -p '1 + 1'); echo "$out"
(node -e 'process.kill(process.pid, "SIGTERM")'; echo $?) 2>/dev/null
echo '{"a":1}' | node -e 'let s=""; process.stdin.on("data", d => s += d).on("end", () => console.log(JSON.parse(s).a))'
node -e 'console.error("to stderr")' 2>&1
node --no-such-flag 2>/dev/null; echo $?
