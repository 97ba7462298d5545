/** What a person is told who asks why a robot is not seen. Apart from the rest, since it brings the DDS side along. */
export { type WellKnownPort, wellKnownPort } from '@medkit/ros2';
export { type Examination, type ExamineOptions, examineRobot, type OtherDomain } from './examine-robot.ts';
