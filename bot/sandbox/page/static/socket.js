// The page's one websocket: requests with answers, and the events of the acting member.

export class Socket {
  /** @param {(event: object) => void} onEvent @param {(connected: boolean) => void} onState */
  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.waiting = new Map();
    this.next = 1;
    this.socket = null;
    this.member = null;
  }

  /** Act as a member (an id, or "" for the first one); drops the connection of the one before. */
  connect(member) {
    this.member = member;
    this.socket?.close();
    const url = new URL("page/socket", location.href.split("#")[0]);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    if (member) url.searchParams.set("member", member);
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => this.onState(true);
    socket.onmessage = ({ data }) => this.receive(JSON.parse(data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      for (const { reject } of this.waiting.values()) reject(new Error("The connection was lost."));
      this.waiting.clear();
      this.onState(false);
      setTimeout(() => this.socket === socket && this.connect(this.member), 1000);
    };
  }

  receive(message) {
    const waiting = message.answer && this.waiting.get(message.answer);
    if (!waiting) {
      if (message.event) this.onEvent(message);
      return;
    }
    this.waiting.delete(message.answer);
    if (message.refused) waiting.reject(new Error(message.refused));
    else waiting.resolve(message.result ?? {});
  }

  /** Ask the sandbox to do something as the acting member; rejects with what a client would say. */
  ask(op, params = {}) {
    return new Promise((resolve, reject) => {
      if (this.socket?.readyState !== WebSocket.OPEN) {
        reject(new Error("Not connected."));
        return;
      }
      const id = this.next++;
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, op, ...params }));
    });
  }
}
