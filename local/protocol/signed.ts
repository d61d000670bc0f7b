/** The access key id in a SigV4 Authorization header. Signatures are not checked: only this machine can connect. */
export const signerOf = (authorization: string | undefined): string | undefined => /Credential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];

export interface ServiceRequest {
  readonly url: string;
  /** The access key id or service principal in whose name the service is asked. */
  readonly caller: string;
  /** As in `X-Amz-Target`, such as `AmazonSQS.SendMessage`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly body: object;
  readonly signal?: AbortSignal;
}

export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';
}

/** Asks an endpoint of this host as the host itself; throws `ServiceRefusal` with its answer when it refuses. */
export async function askService({ url, caller, target, version, body, signal }: ServiceRequest): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': `application/x-amz-json-${version}`,
      'X-Amz-Target': target,
      Authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20300101/us-east-1/host/aws4_request, SignedHeaders=host, Signature=local`,
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  if (!response.ok) throw new ServiceRefusal(`${target} at ${url} was refused: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
