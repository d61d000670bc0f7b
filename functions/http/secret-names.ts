/** Whether a field's value must never be shown, stored or hashed. */
export const isSecretName = (name: string): boolean => /passw|secret|token|credential|private/i.test(name);
