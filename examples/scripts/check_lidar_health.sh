#!/bin/sh
# Checks the resources that a LiDAR driver needs and prints them as one JSON object. Exit code 1 if a resource is short.
#
#   curl -X POST http://127.0.0.1:8080/api/v1/apps/lidar_driver/scripts -F "file=@examples/scripts/check_lidar_health.sh"
#   curl -X POST http://127.0.0.1:8080/api/v1/apps/lidar_driver/scripts/check_lidar_health/executions \
#     -H 'Content-Type: application/json' -d '{"execution_type": "now", "parameters": {"min_free_mb": 200}}'

min_free_mb=${MEDKIT_PARAM_MIN_FREE_MB:-100}

# A number on descriptor 3 is the progress of the execution; so is a line "PROGRESS 40" on standard output.
progress() { echo "$1" >&3; }

progress 10
load=$(cut -d' ' -f1 /proc/loadavg)

progress 40
free_kb=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
free_mb=$((free_kb / 1024))

progress 70
# Highest temperature of the computer, in thousandths of a degree; empty if there is no sensor.
hottest=$(cat /sys/class/thermal/thermal_zone*/temp 2>/dev/null | sort -n | tail -1)

healthy=true
if [ "$free_mb" -lt "$min_free_mb" ]; then
  healthy=false
  echo "only $free_mb MB of memory are free, $min_free_mb are needed" >&2
fi

printf '{"healthy": %s, "load": %s, "free_mb": %s, "hottest_millidegrees": %s}\n' \
  "$healthy" "$load" "$free_mb" "${hottest:-null}"
[ "$healthy" = true ]
