export type { MappedMembers, MissingMember, PictureSource, RobotPicture } from './picture/robot-picture.ts';
