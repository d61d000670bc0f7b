/** What a handler answers when the body alone does not say it all. */
export class HeadedAnswer {
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: object, headers: Readonly<Record<string, string>>) {
    this.body = body;
    this.headers = headers;
  }
}
