import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bundledSource } from '../types/type-source.ts';
import { TypeStore } from '../types/type-store.ts';

/** As rosidl generated them for Jazzy and Kilted. */
const PUBLISHED: readonly (readonly [type: string, sha256: string])[] = [
  ['std_msgs/msg/String', 'df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18'],
  ['std_msgs/msg/Empty', '20b625256f32d5dbc0d04fee44f43c41e51c70d3502f84b4a08e7a9c26a96312'],
  ['std_msgs/msg/Byte', '41e1a3345f73fe93ede006da826a6ee274af23dd4653976ff249b0f44e3e798f'],
  ['std_msgs/msg/Char', '3ad2d04dd29ba19d04b16659afa3ccaedd691914b02a64e82e252f2fa6a586a9'],
  ['std_msgs/msg/Header', 'f49fb3ae2cf070f793645ff749683ac6b06203e41c891e17701b1cb597ce6a01'],
  ['std_msgs/msg/UInt8MultiArray', '5687e861b8d307a5e48b7515467ae7a5fc2daf805bd0ce6d8e9e604bade9f385'],
  ['builtin_interfaces/msg/Time', 'b106235e25a4c5ed35098aa0a61a3ee9c9b18d197f398b0e4206cea9acf9c197'],
  ['geometry_msgs/msg/Twist', '9c45bf16fe0983d80e3cfe750d6835843d265a9a6c46bd2e609fcddde6fb8d2a'],
  ['sensor_msgs/msg/LaserScan', '64c191398013af96509d518dac71d5164f9382553fce5c1f8cca5be7924bd828'],
  ['sensor_msgs/msg/Imu', '7d9a00ff131080897a5ec7e26e315954b8eae3353c3f995c55faf71574000b5b'],
  ['sensor_msgs/msg/Image', 'd31d41a9a4c4bc8eae9be757b0beed306564f7526c88ea6a4588fb9582527d47'],
  ['sensor_msgs/msg/PointCloud2', '9198cabf7da3796ae6fe19c4cb3bdd3525492988c70522628af5daa124bae2b5'],
  ['sensor_msgs/msg/BatteryState', '4bee5dfce981c98faa6828b868307a0a73f992ed0789f374ee96c8f840e69741'],
  ['nav_msgs/msg/OccupancyGrid', '8d348150c12913a31ee0ec170fbf25089e4745d17035792a1ba94d6f0bc0cfc7'],
  ['nav_msgs/msg/Odometry', '3cc97dc7fb7502f8714462c526d369e35b603cfc34d946e3f2eda2766dfec6e0'],
  ['diagnostic_msgs/msg/DiagnosticArray', '5a8a36efb05fb25070fa0fb3810290c0e6cd4862b54a8fb975a1ee8dc55a333e'],
  ['rcl_interfaces/msg/Log', 'e28ce254ca8abc06abf92773b74602cdbf116ed34fbaf294fb9f81da9f318eac'],
  ['rcl_interfaces/msg/ParameterDescriptor', '52175dbfda6c51153101d33d2a9da05743f66f02d5ab2ca9ec4709b46b73d704'],
  ['rcl_interfaces/srv/GetParameters', 'bf9803d5c74cf989a5de3e0c2e99444599a627c7ff75f97b8c05b01003675cbc'],
  ['rcl_interfaces/srv/GetParameters_Event', '84eeb9247b09067c35bd8750d5c8555b700e394a616737c4624f15ae02e64c4d'],
  ['lifecycle_msgs/srv/ChangeState', '356fe34f0475a43acf54542013af4167b0e729f77ea22ffb045c6ad8e20668e5'],
  ['std_srvs/srv/Empty_Request', '458eaf200a3f63d9cc53d19436edebc0c140ef4c93ca75d5bd4ce19fd7759e35'],
  ['std_srvs/srv/Trigger', 'eeff2cd6fa5ad9d27cdf4dec64818317839b62f212a91e6b5304b634b2062c5f'],
  ['example_interfaces/msg/WString', '32033e06d9dfe5468c5d6e1dc8b7a23c8910bad071cfd4e151a951d580e68dd8'],
  ['example_interfaces/srv/AddTwoInts', 'e118de6bf5eeb66a2491b5bda11202e7b68f198d6f67922cf30364858239c81a'],
  ['example_interfaces/action/Fibonacci', '9508051da1ea4658de144b09bd0690ff3de52104683d847aed764d2915906f51'],
  [
    'example_interfaces/action/Fibonacci_FeedbackMessage',
    'c1de71afd52e49a89c53d8262366884185bc0a02f78ce051c4e46b0a7fe59bb2',
  ],
  [
    'example_interfaces/action/Fibonacci_SendGoal_Event',
    'd5e5b312dbf847307b0e876c2ecc9d80258e95b0d17f8f7bfc581c4a29c83484',
  ],
  ['shape_msgs/msg/SolidPrimitive', '2802a15190aadc3f496584df4b0b4c5824d8a0b31aaef839faa75bc34dda38ac'],
  [
    'type_description_interfaces/srv/GetTypeDescription',
    '69b9c19c1021405984cc60dbbb1edceb147a6538b411d812ba6afabeed962cd5',
  ],
  ['visualization_msgs/msg/MarkerArray', '86cb8800b6fb05b5eff1abd7a56f62a5641d3ae9a1c29e78e67e704f1d067dcf'],
  ['nav2_msgs/action/NavigateToPose', 'a56dba8a3234a1215e610180dc703ae25bbf406dded8b54887891c9732857eab'],
  ['nav2_msgs/action/NavigateToPose_GetResult', 'c407920357d566771e8882b4ef4d1f1a84ee922d609920ccd57faa6d6e391dc5'],
  [
    'tf2_msgs/action/LookupTransform_SendGoal_Event',
    '5ab93d3d6c35b56390325099cb088c73bae176a39123f2f6dfe119582436acc5',
  ],
  ['tf2_msgs/srv/FrameGraph_Event', '97e5494f0af64046abdb3f1fc91a91f0a3ac7f1132dcfe32f350601227daa817'],
];

describe('RIHS01', () => {
  const store = new TypeStore({ sources: [bundledSource] });
  for (const [type, sha256] of PUBLISHED) {
    it(`of ${type} is the one rosidl computes`, async () => {
      assert.equal((await store.find(type))?.hash, `RIHS01_${sha256}`);
    });
  }
});
