export { withOddMember, withSpoiledOctets } from './corrupt-message.ts';
export { EXAMPLE_FACTSHEETS } from './factsheets.ts';
export { randomRobots } from './random-robot.ts';
export { exampleHeader, RESTING_ROBOT } from './resting-robot.ts';
