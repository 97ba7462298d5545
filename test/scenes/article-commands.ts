/** Commands of the article on release 0.4.0, as printed there. */

export const CREATE_TRIGGER = String.raw`
curl -X POST http://robot-01:8080/api/v1/apps/battery_monitor/triggers \
  -H "Content-Type: application/json" \
  -d '{
    "resource": "/api/v1/apps/battery_monitor/data/voltage",
    "trigger_condition": {
      "condition_type": "EnterRange",
      "lower_bound": 0,
      "upper_bound": 22.0
    },
    "multishot": true,
    "persistent": true,
    "lifetime": 86400
  }'`;

export const UPLOAD_SCRIPT = String.raw`
curl -X POST http://robot-03:8080/api/v1/apps/lidar_driver/scripts \
  -F "file=@check_lidar_health.sh"`;

export const EXECUTE_SCRIPT = String.raw`
curl -X POST http://robot-03:8080/api/v1/apps/lidar_driver/scripts/check_lidar_health/executions \
  -H "Content-Type: application/json" \
  -d '{"execution_type": "now"}'`;

export const GET_EXECUTION = `
curl http://robot-03:8080/api/v1/apps/lidar_driver/scripts/check_lidar_health/executions/exec_001`;

export const ACQUIRE_LOCK = String.raw`
curl -X POST http://robot-03:8080/api/v1/components/navigation/locks \
  -H "Content-Type: application/json" \
  -H "X-Client-Id: engineer-alice" \
  -d '{
    "lock_expiration": 300,
    "scopes": ["configurations"]
  }'`;

export const GET_LOGS = `
curl "http://robot-01:8080/api/v1/apps/nav2_planner/logs?severity=warning"`;

export const CREATE_SUBSCRIPTION = String.raw`
curl -X POST http://robot-01:8080/api/v1/components/lidar_driver/cyclic-subscriptions \
  -H "Content-Type: application/json" \
  -d '{
    "resource": "/api/v1/components/lidar_driver/faults",
    "interval": "normal",
    "duration": 3600
  }'`;

export const STREAM_SUBSCRIPTION = `
curl http://robot-01:8080/api/v1/components/lidar_driver/cyclic-subscriptions/sub_001/events`;

export const OPEN_SWAGGER_UI = `
open http://robot-01:8080/docs`;

export const DOWNLOAD_SPEC = `
curl http://robot-01:8080/api/v1/docs -o ros2_medkit_api.json`;
