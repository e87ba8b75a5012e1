/** The widgets' own way to the server: a socket on which each asks, is told how far its answer is, and can give it up. */

/** @typedef {{asked: number, answered: number}} Progress */
/**
 * What a widget asks, and whom the server's messages are told to.
 * @typedef {{question: string, progress: (progress: Progress) => void, card: (card: any, text: string) => void,
 *   failed: (why: string) => void, lost?: () => void}} Asking `text` is what the server has sent, to be compared
 */

const AGAIN = 500; // ms before the socket is opened anew
const LONGEST_AGAIN = 5_000;

export class Wire {
  constructor() {
    /** @type {Map<string, Asking>} what was asked and not answered, by the widget's id */
    this.askings = new Map();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.pause = AGAIN;
    this.timer = 0;
    this.ended = false;
  }

  /**
   * Ask for a widget's content; it takes the place of what the same widget asked before.
   * @param {string} id @param {Asking} asking
   */
  ask(id, asking) {
    this.askings.set(id, asking);
    if (this.socket?.readyState === WebSocket.OPEN) this.send(id);
    else this.open();
  }

  /** Give up what a widget has asked. @param {string} id */
  cancel(id) {
    if (this.askings.delete(id) && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ id }));
  }

  /** @param {string} id */
  send(id) {
    const asking = this.askings.get(id);
    if (asking) this.socket?.send(JSON.stringify({ id, question: asking.question }));
  }

  open() {
    if (this.socket || this.timer || this.ended) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/page/widgets`);
    this.socket = socket;
    socket.onopen = () => {
      this.pause = AGAIN;
      for (const [id, asking] of this.askings) {
        asking.progress({ asked: 0, answered: 0 });
        this.send(id);
      }
    };
    socket.onmessage = ({ data }) => this.told(JSON.parse(data), data);
    socket.onclose = () => this.lost();
  }

  /** The server has gone: what was not answered is asked again when it is back. */
  lost() {
    this.socket = null;
    if (this.ended || !this.askings.size) return;
    for (const asking of this.askings.values()) asking.lost?.();
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.open();
    }, this.pause);
    this.pause = Math.min(LONGEST_AGAIN, this.pause * 2);
  }

  /** @param {{id: string, question: string, card?: any, error?: string, asked?: number, answered?: number}} message @param {string} text */
  told({ id, question, card, error, asked = 0, answered = 0 }, text) {
    const asking = this.askings.get(id);
    if (!asking || asking.question !== question) return; // it was given up, or asked otherwise since
    if (!card && !error) return asking.progress({ asked, answered });
    this.askings.delete(id);
    return card ? asking.card(card, text) : asking.failed(error ?? '');
  }

  destroy() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }
}
