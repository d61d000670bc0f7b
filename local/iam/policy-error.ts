/** A policy that cannot be evaluated here; it stops the boot. The message names role or resource, policy, statement and the word not understood. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
  }
}
