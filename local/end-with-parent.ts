/** Loaded into a simulator before its own code: its standard input is a pipe from the host, which closes however the host dies. */
process.stdin.on('end', () => process.exit(0)).resume();
