/**
 * Loaded into a simulator before its own code: its standard input is a pipe from the host, which closes however the host dies.
 * The pipe alone does not keep the simulator running.
 */
process.stdin
  .on('end', () => process.exit(0))
  .resume()
  .unref();
