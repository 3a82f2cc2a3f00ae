// Why an attempt has to end early.

/**
 * Most attempts end without, and without anybody who asks for a signal: neither that nor its listeners are made for them.
 * A class, since an object with getters of its own takes 25 times as long to make.
 */
export class Interruption {
  aborted = false;
  /** Given to `abort`; decides the settlement. */
  reason: unknown;
  #controller: AbortController | undefined;
  #listeners: (() => void)[] | undefined;

  /** For I/O. Fires with the reason. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.aborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  /** Only the first call counts. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners ?? []) listener();
    this.#listeners = undefined;
  }

  /** Calls back once, when it is aborted; right away when it has been. */
  onAbort(listener: () => void): void {
    if (this.aborted) listener();
    else if (this.#listeners) this.#listeners.push(listener);
    else this.#listeners = [listener];
  }
}
