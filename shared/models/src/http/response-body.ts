// The body of a response as undici hands it over, piece by piece. Not a stream of Node: one takes more processor time for a piece
// than everything that is done with it.
import type { Dispatcher } from "undici";

/** Pieces that nobody has read yet; the connection is not read meanwhile. */
const mostUnreadBytes = 256 * 1024;
/** After the last event of a stream, the body's end is waited for so long. */
const endingMs = 1_000;

interface Reader {
  readonly resolve: (next: IteratorResult<Uint8Array>) => void;
  readonly reject: (error: Error) => void;
}

/** States: open → ended or failed; released once nothing more of it matters. To be read once. */
export class ResponseBody implements AsyncIterableIterator<Uint8Array> {
  readonly #controller: Dispatcher.DispatchController;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #reader: Reader | undefined;
  #state: "open" | "ended" | "failed" = "open";
  #error: Error | undefined;
  #isReleased = false;
  #ending: NodeJS.Timeout | undefined;

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  /** The connection's side. */
  push(piece: Uint8Array): void {
    if (this.#isReleased) return;
    const reader = this.#takeReader();
    if (reader) {
      reader.resolve({ done: false, value: piece });
      return;
    }
    this.#unread.push(piece);
    this.#unreadBytes += piece.byteLength;
    if (this.#unreadBytes > mostUnreadBytes) this.#controller.pause();
  }

  end(): void {
    this.#state = "ended";
    clearTimeout(this.#ending);
    this.#takeReader()?.resolve({ done: true, value: undefined });
  }

  fail(error: Error): void {
    this.#state = "failed";
    this.#error = error;
    clearTimeout(this.#ending);
    this.#takeReader()?.reject(error);
  }

  /** The reader's side: one reader, one piece at a time. */
  next(): Promise<IteratorResult<Uint8Array>> {
    const piece = this.#unread.shift();
    if (piece !== undefined) {
      this.#unreadBytes -= piece.byteLength;
      if (this.#controller.paused && this.#unreadBytes <= mostUnreadBytes) this.#controller.resume();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#error) return Promise.reject(this.#error);
    if (this.#state === "ended" || this.#isReleased) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Nothing more of the body matters. What is left of it, as a rule the end, is read to no purpose but that the connection can be
   * used again; one that does not end soon is closed.
   * @param mayEnd false closes it at once.
   */
  release(mayEnd: boolean): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#unread = [];
    this.#takeReader()?.resolve({ done: true, value: undefined });
    if (this.#state !== "open") return;
    if (!mayEnd) {
      this.#close();
      return;
    }
    this.#ending = setTimeout(() => this.#close(), endingMs).unref();
    if (this.#controller.paused) this.#controller.resume();
  }

  #close(): void {
    this.#controller.abort(new Error("nothing more of the response is read"));
  }

  #takeReader(): Reader | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    return reader;
  }
}
