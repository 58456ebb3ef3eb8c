import { SerialPort } from 'serialport';

export interface PingPong {
  readonly frame: Buffer;
  /** Bytes to wait for before the next frame. */
  readonly answerBytes: number;
}

/** The least that a program can do: writes each frame, waits for as many bytes as came the last time. Resolves to when each was answered (ms). */
export async function serialPingPong(path: string, frames: readonly PingPong[]): Promise<readonly number[]> {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false, hupcl: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  let missing = 0;
  let answered: (() => void) | undefined;
  port.on('data', (bytes: Buffer) => {
    missing -= bytes.length;
    if (missing <= 0) answered?.();
  });
  const times: number[] = [];
  for (const { frame, answerBytes } of frames) {
    missing = answerBytes;
    const answer = new Promise<void>((resolve) => {
      answered = resolve;
    });
    port.write(frame);
    await (answerBytes > 0 ? answer : pause());
    times.push(performance.now());
  }
  await new Promise<void>((resolve) => {
    port.close(() => resolve());
  });
  return times;
}

/** What is not answered is a jump into a loader, which is deaf for a moment. */
async function pause(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
}
