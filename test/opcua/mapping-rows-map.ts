/** A node map of the filling station with every kind of row, and with invalid entries. */
export const ROWS_MAP = `
area_id: rows_hall
area_name: Hall of rows
component_id: rows
component_name: Each row
nodes:
  # The kinds of node ids and of data.
  - {node_id: "ns=2;i=7001", entity_id: recipe, data_name: number, data_type: int, writable: true, min_value: 1, max_value: 40}
  - {node_id: "ns=2;g={5AD6E4A6-3F0E-4D6D-9D0B-1B7E7A5C9F10}", entity_id: recipe, data_name: name, display_name: What is filled, data_type: string, writable: true}
  - {node_id: "ns=2;b=UmVsZWFzZWQ=", entity_id: recipe, data_name: released, data_type: bool, writable: true}
  - {node_id: "ns=2;s=Tank.FilledTotal", entity_id: meter, data_name: filled, unit: ml, data_type: int, ros2_topic: "no topic"}
  - {node_id: "ns=2;s=Controller.StartedAt", entity_id: meter, data_name: since, data_type: string}
  - {node_id: "ns=2;s=Tank.Inflow", entity_id: meter, data_name: inflow, display_name: Inflow, unit: l/min, data_type: decimal}
  - {node_id: "ns=2;s=Tank.Pressure", entity_id: meter, data_name: pressure, unit: bar, data_type: float, ros2_topic: /station/pressure}
  - {node_id: "ns=2;s=Tank.Profile", entity_id: meter, data_name: profile}
  # Limits, and one that the map has not.
  - {node_id: "ns=2;s=Pump.SpeedSetpoint", entity_id: setpoints, data_name: at_least, writable: true, min_value: 20}
  - {node_id: "ns=2;s=Valve.PositionSetpoint", entity_id: setpoints, data_name: open, writable: true}
  - {node_id: "ns=2;s=Tank.Level", entity_id: setpoints, data_name: measured, data_type: float, writable: true, min_value: 0, max_value: 9}
  - {node_id: "ns=2;s=Simulation.Leak", entity_id: setpoints, data_name: backwards, data_type: bool, writable: true, min_value: 9, max_value: 1}
  # Entries that are no nodes.
  - {entity_id: wrong, data_name: nameless}
  - {node_id: "Tank.Outflow", entity_id: wrong, data_name: malformed}
  - {node_id: "ns=2;s=Tank.Inflow", entity_id: wrong, data_name: again}
  # What is a fault.
  - node_id: "ns=2;s=Tank.Temperature"
    entity_id: limits
    data_name: temperature
    unit: "°C"
    alarm: {fault_code: ROW_HOT, severity: CRITICAL, message: Hotter than 80 °C, threshold: 80}
  - node_id: "ns=2;s=Pump.Speed"
    entity_id: limits
    data_name: speed
    alarm: {fault_code: ROW_SLOW, severity: INFO, threshold: 30, above_threshold: false}
  - node_id: "ns=2;s=Pump.Ready"
    entity_id: limits
    data_name: ready
    data_type: bool
    alarm: {fault_code: ROW_UNREADY, above_threshold: false}
  - node_id: "ns=2;s=Tank.HeaterOn"
    entity_id: limits
    data_name: heating
    data_type: bool
    alarm: {fault_code: ROW_HEATING, severity: WARNING, message: It is being heated}
  - node_id: "ns=2;s=Pump.StatusWordSigned"
    entity_id: words
    data_name: signed
    data_type: int
    status_word_width: 16
    status_bits:
      - {bit: 3, fault_code: ROW_BIT_3, message: Overload}
      - {bit: 15, fault_code: ROW_BIT_15, severity: WARNING}
      - {bit: 16, fault_code: ROW_BIT_16}
  - node_id: "ns=2;s=Tank.Balance"
    entity_id: counters
    data_name: balance
    data_type: int
    status_bits: [{bit: 63, fault_code: ROW_BIT_63}]
  - node_id: "ns=2;s=Vfd.FaultCode"
    entity_id: drive
    data_name: code
    data_type: int
    fault_enum:
      ok_value: 2
      codes:
        - {code: 10, fault_code: ROW_OVERVOLTAGE, severity: CRITICAL, message: Overvoltage}
        - {code: -1, fault_code: ROW_BELOW, severity: INFO}
event_alarms:
  - alarm_source: "ns=2;s=Tank"
    entity_id: vessel
    fault_code: ROW_VESSEL
    severity: WARNING
    message: The vessel needs somebody
    mappings:
      - {condition_name: Overpressure, match_message: burst, fault_code: ROW_BURST, severity_override: CRITICAL, message: It is going to burst}
      - {condition_name: Overpressure, source_node: "ns=2;s=Pump", fault_code: ROW_NEVER}
      - {condition_name: Overpressure, fault_code: ROW_PRESSURE}
    associated_values: [SourceName, {name: SD_1, namespace_index: 2, label: Sensor}]
  - alarm_source: "ns=2;s=Station"
    entity_id: drives
    mappings:
      - {source_node: "ns=2;s=Pump", fault_code: ROW_PUMP}
      - {event_type: "i=10523", fault_code: ROW_TRIP}
methods:
  - {object_id: "ns=2;s=Station", method_id: "ns=2;s=Station.Fill", entity_id: vessel}
  - {object_id: "ns=2;s=Station", method_id: "ns=2;s=Station.StopPump", entity_id: drives, name: halt}
`;
