/**
 * A priority queue by due time: a binary heap, so that the cost of many profiles grows almost linearly.
 *
 * @module
 */

interface Entry<T> {
  readonly due: number;
  readonly item: T;
}

/** Items with the time at which each is due. */
export class DueQueue<T> {
  readonly #heap: Entry<T>[] = [];

  /** The number of queued items. */
  get size(): number {
    return this.#heap.length;
  }

  /** When the first item is due; Infinity if the queue is empty. */
  get nextDue(): number {
    return this.#heap[0]?.due ?? Infinity;
  }

  /** Adds an item. */
  push(due: number, item: T): void {
    this.#heap.push({ due, item });
    this.#rise(this.#heap.length - 1);
  }

  /** Removes and returns the first item, whenever it is due. */
  pop(): T | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (first !== last) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first.item;
  }

  /** Removes and returns the first item if it is due at `now`. */
  popDue(now: number): T | undefined {
    return this.nextDue <= now ? this.pop() : undefined;
  }

  /** Removes every item. */
  clear(): void {
    this.#heap.length = 0;
  }

  #rise(index: number): void {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1;
      if (this.#due(parent) <= this.#due(child)) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #sink(index: number): void {
    for (let parent = index;;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const least = this.#due(right) < this.#due(left) ? right : left;
      if (this.#due(least) >= this.#due(parent)) return;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #due(index: number): number {
    return this.#heap[index]?.due ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
