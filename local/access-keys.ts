const prefix = 'AKIALOCAL-';

/** The access key by which a function or state machine signs; the host's IAM maps it to the role. */
export const accessKeyOf = (functionOrMachine: string): string => prefix + functionOrMachine;

export const functionOrMachineOf = (accessKeyId: string): string =>
  accessKeyId.startsWith(prefix) ? accessKeyId.slice(prefix.length) : accessKeyId;
