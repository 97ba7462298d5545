/** A reply that is text instead of JSON; the route declares its media type for the status, unless it has one. */
export class TextReply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly media: string | undefined;

  constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}, media?: string) {
    this.status = status;
    this.text = text;
    this.headers = headers;
    this.media = media;
  }
}
