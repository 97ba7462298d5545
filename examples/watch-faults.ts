/**
 * Prints the fault events of a robot as they happen: `npm start` in one shell, then `npm run example --
 * examples/watch-faults.ts` in another, and `npm run medkit -- demo inject obstacle` in a third.
 */
const base = process.argv[2] ?? 'http://127.0.0.1:8080/api/v1';

const stream = await fetch(`${base}/faults/stream`);
if (!stream.ok || stream.body === null) throw new Error(await stream.text());

/**
 * The JSON of an event is one line. Repeated occurrences of a fault are skipped, because they would drown the others.
 */
function show(event: string): void {
  const data = /^data: ?(.*)$/m.exec(event)?.[1];
  if (data === undefined) return;
  const { event_type, fault } = JSON.parse(data);
  if (event_type === 'fault_updated') return;
  const time = new Date().toLocaleTimeString('en-GB');
  console.log(time, fault.status.padEnd(9), fault.fault_code, fault.reporting_sources.join(), '-', fault.description);
}

let text = '';
for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
  const events = (text + chunk).split('\n\n');
  text = events.pop() ?? '';
  for (const event of events) show(event);
}
