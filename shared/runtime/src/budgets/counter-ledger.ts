// What this process has spent of one counter, what it has reserved, and what it holds for that: figures only, no exchange.
import type { ExchangeResult } from "./counter-state.ts";

export class CounterLedger {
  /** In this window, in all; what of it was told, and what of that is counted as a dead replica's (C2). */
  #spent = 0;
  #told = 0;
  #settledBefore = 0;
  /** Worst cases of calls that run, and how many they are: dollars that were added and taken away again leave a last digit. */
  #reserved = 0;
  #running = 0;
  /** As the others know it: covers the reservations and what was spent since it was told. */
  #held = 0;
  /** By all, when this process last told. */
  #spentByAll = 0;

  get held(): number {
    return this.#held;
  }
  /** By all processes, as far as this one knows. */
  get spentByAll(): number {
    return this.#spentByAll + Math.max(0, this.#spent - this.#told);
  }
  /** Something was spent that the others do not know of. */
  get hasNews(): boolean {
    return this.#spent !== this.#told;
  }
  /** What is held beyond the reservations. */
  get spare(): number {
    return this.#held - this.#reserved;
  }
  get isEmpty(): boolean {
    return !this.hasNews && this.#held === 0 && this.#reserved === 0;
  }

  isCovered(amount: number): boolean {
    return this.#reserved + amount + (this.#spent - this.#told) <= this.#held;
  }
  /** Reserves an amount for a call. */
  hold(amount: number): void {
    this.#reserved += amount;
    this.#running += 1;
  }
  /** Ends a reservation. */
  release(amount: number): void {
    this.#running -= 1;
    this.#reserved = this.#running > 0 ? Math.max(0, this.#reserved - amount) : 0;
  }
  spend(amount: number): void {
    this.#spent += amount;
  }
  /** After an exchange of which nobody knows what was done: nothing is to spare until the broker answers. */
  keepNoSpare(): void {
    this.#held = Math.min(this.#held, this.#reserved + Math.max(0, this.#spent - this.#told));
  }

  /** What this process tells the others now. */
  statement(): { readonly spent: number; readonly reserved: number } {
    return { spent: this.#spent, reserved: this.#reserved };
  }
  toldBefore(): { readonly told: number; readonly settledBefore: number } {
    return { told: this.#told, settledBefore: this.#settledBefore };
  }
  /** @param told what this process had spent by the statement that was exchanged. */
  learn({ held, settledBefore, spent }: ExchangeResult, told: number): void {
    this.#told = told;
    this.#held = held;
    this.#settledBefore = settledBefore;
    this.#spentByAll = spent;
  }
}
