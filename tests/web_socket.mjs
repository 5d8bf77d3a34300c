// A WebSocket as a test needs it (RFC 6455): any header fields, whole messages, and the close code. Node.js 20 has none of its own.
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';

/** Opens one, or throws with the status that was answered instead. */
export function open_web_socket(url, subprotocol, headers) {
  const key = randomBytes(16).toString('base64');
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers: { ...headers, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Protocol': subprotocol },
    });
    asked.on('response', (response) => {
      response.resume();
      reject(Object.assign(new Error(`answered ${response.statusCode}`), { status: response.statusCode }));
    });
    asked.on('error', reject);
    asked.on('upgrade', (response, socket, head) => {
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      if (response.headers['sec-websocket-accept'] !== accept) return reject(new Error('a wrong Sec-WebSocket-Accept'));
      resolve(new OpenSocket(socket, head));
    });
    asked.end();
  });
}

class OpenSocket {
  messages = [];
  close_code = undefined;
  #bytes;
  #waiting = [];

  constructor(socket, head) {
    this.socket = socket;
    this.#bytes = head;
    socket.on('data', (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#read();
    });
    socket.on('close', () => this.#end(this.close_code ?? 1006));
    socket.on('error', () => {});
    this.#read();
  }

  send(payload) {
    const mask = randomBytes(4);
    const length = payload.length < 126 ? Buffer.from([0x80 | payload.length]) : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255]);
    this.socket.write(Buffer.concat([Buffer.from([0x82]), length, mask, payload.map((byte, i) => byte ^ mask[i % 4])]));
  }

  /** The first message, past or to come, for which `wanted` holds, taken out; nothing after `wait_ms`. */
  take(wanted, wait_ms = 5000) {
    const known = this.messages.findIndex(wanted);
    if (known >= 0) return Promise.resolve(this.messages.splice(known, 1)[0]);
    return new Promise((resolve) => {
      const one = { wanted, done: (message) => (clearTimeout(timer), resolve(message)) };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        resolve(undefined);
      }, wait_ms);
      this.#waiting.push(one);
    });
  }

  /** The code with which the other side closed, waiting for it. */
  closed(wait_ms = 5000) {
    if (this.close_code !== undefined) return Promise.resolve(this.close_code);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), wait_ms);
      this.socket.on('close', () => (clearTimeout(timer), resolve(this.close_code)));
    });
  }

  close() {
    this.socket.destroy();
  }

  #end(code) {
    this.close_code ??= code;
  }

  #read() {
    for (;;) {
      if (this.#bytes.length < 2) return;
      let length = this.#bytes[1] & 127;
      let at = 2;
      if (length === 126) [length, at] = [this.#bytes.length >= 4 ? this.#bytes.readUInt16BE(2) : Infinity, 4];
      else if (length === 127) [length, at] = [this.#bytes.length >= 10 ? Number(this.#bytes.readBigUInt64BE(2)) : Infinity, 10];
      if (this.#bytes.length < at + length) return;
      const payload = this.#bytes.subarray(at, at + length);
      const opcode = this.#bytes[0] & 15;
      this.#bytes = this.#bytes.subarray(at + length);
      if (opcode === 8) this.#end(length >= 2 ? payload.readUInt16BE(0) : 1005);
      if (opcode === 2) this.#got(payload);
    }
  }

  #got(payload) {
    const waiting = this.#waiting.findIndex(({ wanted }) => wanted(payload));
    if (waiting >= 0) this.#waiting.splice(waiting, 1)[0].done(payload);
    else this.messages.push(Buffer.from(payload));
  }
}
