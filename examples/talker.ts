import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, readEnvironment } from '@medkit/ros2';

/**
 * A ROS 2 node without ROS: it joins the domain of the environment and publishes on /chatter once a second, so that
 * `ros2 topic echo /chatter` on the same domain prints it. Run with `npm run example -- examples/talker.ts`.
 */
const adapter = await openRosAdapter({
  environment: readEnvironment(process.env),
  clock: systemClock,
  datagrams: udpDatagrams,
  files: systemFiles,
  random: systemRandom,
});
const node = await adapter.node({ name: 'medkit_talker' });
const chatter = await node.publisher('/chatter', 'std_msgs/msg/String');

let count = 0;
const timer = setInterval(async () => {
  count += 1;
  await chatter.publish({ data: `Hello from Node: ${count}` });
  console.log(`published ${count}, heard by ${await chatter.matched()}`);
}, 1000);

process.once('SIGINT', async () => {
  clearInterval(timer);
  await adapter.close();
});
