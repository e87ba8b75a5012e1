/** Events to the server, one lot at a time: each begins from the view that the one before has left. */

/** @typedef {{type: string, [detail: string]: unknown}} Event */

const PATIENCE = 10_000; // ms after which events that were not answered are sent again

/** Set a property of a Dash component. @param {string} id @param {string} name @param {unknown} value */
export const setProperty = (id, name, value) => window.dash_clientside.set_props(id, { [name]: value });

/** What happened, in order; what happens while an answer is awaited goes together with the next lot. */
export class EventQueue {
  /** @param {(lot: {number: number, events: Event[]}) => void} deliver @param {number} patience in ms */
  constructor(deliver, patience = PATIENCE) {
    this.deliver = deliver;
    this.patience = patience;
    /** @type {Event[]} */
    this.waiting = [];
    /** @type {Event[]} */
    this.underway = [];
    this.number = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {Event} event */
  send(event) {
    this.waiting.push(event);
    this.flush();
  }

  /** The lot has been answered: the next one may go. */
  acknowledge() {
    clearTimeout(this.timer);
    this.underway = [];
    this.flush();
  }

  /** Send again what was not answered: the server was away, or Dash has dropped it. A late answer counts no more. */
  retry() {
    clearTimeout(this.timer);
    this.waiting = [...this.underway, ...this.waiting];
    this.underway = [];
    this.flush();
  }

  /** Whether everything was answered. */
  get idle() {
    return !this.underway.length && !this.waiting.length;
  }

  flush() {
    if (this.underway.length || !this.waiting.length) return;
    [this.underway, this.waiting] = [this.waiting, []];
    this.number += 1;
    this.deliver({ number: this.number, events: this.underway });
    this.timer = setTimeout(() => this.retry(), this.patience);
  }
}

const events = new EventQueue((lot) => setProperty('event', 'data', lot));

/** @type {((event: Event) => Event) | null} */
let taker = null;

/** Tell the one callback that changes the view what happened. @param {Event} event */
export function send(event) {
  const sent = taker ? taker(event) : event;
  hand.follow(sent);
  events.send(sent);
}

/** Which tool is in hand, also before the server has answered: whoever chooses one clicks a unit at once. */
export class Hand {
  constructor() {
    this.told = '';
    /** @type {string | null} what was chosen or put away since the server has told */
    this.ahead = null;
  }

  /** The name of the tool in hand; empty where there is none. */
  get tool() {
    return this.ahead ?? this.told;
  }

  /**
   * The server tells which tool is in hand.
   * @param {string} name @param {boolean} settled whether that is after everything that has happened
   */
  tell(name, settled) {
    if (settled && (name !== this.told || name === this.ahead)) this.ahead = null;
    this.told = name;
  }

  /** What happens may choose a tool, or put it away. @param {Event} event */
  follow({ type, name }) {
    if (type === 'tool') this.ahead = name === 'select' || name === this.tool ? '' : String(name);
    if (type === 'apply' || type === 'reapply') this.ahead = '';
  }
}

export const hand = new Hand();

/** Let `take` make other events of those that are sent, until what is returned is called. @param {(event: Event) => Event} take */
export function intercept(take) {
  taker = take;
  return () => {
    if (taker === take) taker = null;
  };
}

/** The callback has answered: the next events may go. */
export const acknowledge = () => events.acknowledge();

/** Send again what was not answered. */
export const retry = () => events.retry();

/** Whether the view is what all events have made of it. */
export const answered = () => events.idle;
