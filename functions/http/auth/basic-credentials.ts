export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/** Of an `Authorization: Basic` header; undefined when there is none that can be read. */
export const basicCredentials = (authorization: string | undefined): BasicCredentials | undefined => {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
};
