export { corruptBytes, corruptMember } from './corrupt-message.ts';
export { EXAMPLE_FACTSHEETS } from './factsheets.ts';
export { exampleHeader, IDLE_ROBOT } from './idle-robot.ts';
export { randomRobots } from './random-robot.ts';
