// Sends the same JSON to the same address again and again, over connections that stay open.
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

export interface HttpCaller {
  /** Reads the whole answer. @throws Error whose code is the status, when it is not 200. */
  call(): Promise<void>;
  /** Resolves with the first piece of a streamed answer's text; the rest is read after that. @throws as `call` does. */
  begin(): Promise<void>;
  close(): void;
}

/** A chunk of a chat completion that holds text: the first often holds none. */
const holdsText = /"content":\s*"[^"]/;

function awaitText(response: IncomingMessage, resolve: () => void): void {
  let read = "";
  const look = (piece: Buffer): void => {
    read += piece;
    if (!holdsText.test(read)) return;
    response.off("data", look);
    resolve();
  };
  response.on("data", look);
}

export function createHttpCaller(url: string, body: object, headers: Readonly<Record<string, string>> = {}): HttpCaller {
  const agent = new Agent({ keepAlive: true });
  const sent = Buffer.from(JSON.stringify(body));
  const allHeaders = { "content-type": "application/json", "content-length": String(sent.byteLength), ...headers };
  const send = (onAnswer: (response: IncomingMessage, resolve: () => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const sending = request(url, { method: "POST", agent, headers: allHeaders }, (response) => {
        if (response.statusCode === 200) onAnswer(response, resolve);
        text(response).then((answer) => {
          if (response.statusCode === 200) resolve();
          else reject(Object.assign(new Error(answer), { code: String(response.statusCode) }));
        }, reject);
      });
      sending.once("error", reject);
      sending.end(sent);
    });
  return {
    call: () => send(() => undefined),
    begin: () => send(awaitText),
    close: () => agent.destroy(),
  };
}
