/**
 * Reads one value over REST once a second, as any program on any machine can: `npm start` in one shell, then `npm run
 * example -- examples/watch-voltage.ts` in another. Try `npm run medkit -- demo inject battery` meanwhile.
 */
const base = process.argv[2] ?? 'http://127.0.0.1:8080/api/v1';

for (;;) {
  const answer = await fetch(`${base}/apps/battery_monitor/data/voltage`);
  if (!answer.ok) throw new Error(await answer.text());
  const { data } = (await answer.json()) as { data: { data?: number } };
  console.log(new Date().toISOString(), data.data?.toFixed(2) ?? 'no value', 'V');
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
