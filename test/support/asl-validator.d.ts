declare module 'asl-validator' {
  /** Of a definition: `errors` is empty when Step Functions would accept it. */
  const validate: (definition: object) => { readonly isValid: boolean; readonly errors: readonly object[] };
  export = validate;
}
