// Logs, traces and metrics, taken from identities only, and the alerts on them.
param environmentName string
param location string
param tags object
param alertEmail string

@description('Principal ids that send telemetry.')
param publishers array

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

// A query that gives one row with one number, and what it must not exceed. The metrics are those of the program's meter.
var alerts = [
  {
    name: 'silence'
    description: 'An app has measured nothing for half an hour, so that no other alert can tell: does it start, and does its /api/health/ready answer?'
    query: 'customMetrics | where name in ("serverless.poison.kept", "serverless.drops.oldest_age") | summarize value = 2 - dcount(name)' // of each app's timer
    threshold: 0
    every: 'PT15M'
    over: 'PT30M'
    severity: 1
  }
  {
    name: 'poison'
    description: 'Messages or drops wait for a person: serverless poison list.'
    query: 'customMetrics | where name == "serverless.poison.kept" | summarize value = max(value)'
    threshold: 0
    every: 'PT15M'
    over: 'PT15M'
    severity: 2
  }
  {
    name: 'drop-age'
    description: 'A drop has had no outcome for over an hour: does the retraining app run, and do events reach it?'
    query: 'customMetrics | where name == "serverless.drops.oldest_age" | summarize value = max(value)'
    threshold: 3600
    every: 'PT15M'
    over: 'PT15M'
    severity: 2
  }
  {
    name: 'decision-latency'
    description: 'Decisions take over two seconds in the mean.'
    query: 'customMetrics | where name == "serverless.decision.duration" | summarize value = sum(valueSum) / sum(valueCount)'
    threshold: 2
    every: 'PT15M'
    over: 'PT15M'
    severity: 2
  }
  {
    name: 'gate-failures'
    description: 'New models keep failing the gate: look at the data quality of the drops and at the gate\'s reasons in container outcomes.'
    query: 'customMetrics | where name == "serverless.gate.verdicts" and customDimensions.decision == "keep" | summarize value = sum(valueSum)'
    threshold: 2
    every: 'PT1H'
    over: 'P1D'
    severity: 3
  }
  {
    name: 'drift'
    description: 'The mean probability of a bad loan of a portfolio moved by over a quarter from one day to the next: has the population or the data changed?'
    query: 'customMetrics | where name == "serverless.decision.probability" | extend portfolio = tostring(customDimensions.portfolio) | summarize today = sumif(valueSum, timestamp > ago(1d)) / sumif(valueCount, timestamp > ago(1d)), before = sumif(valueSum, timestamp <= ago(1d)) / sumif(valueCount, timestamp <= ago(1d)), n = sumif(valueCount, timestamp > ago(1d)) by portfolio | where n >= 100 and before > 0 | summarize value = max(abs(today / before - 1))'
    threshold: json('0.25')
    every: 'PT6H'
    over: 'P2D'
    severity: 3
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-serverless-${environmentName}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 90
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-serverless-${environmentName}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publisherRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in publishers: {
  scope: insights
  name: guid(insights.id, principalId, metricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-serverless-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'serverless'
    emailReceivers: [{ name: 'operators', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: '${alert.name}-${environmentName}'
  location: location
  tags: tags
  properties: {
    displayName: alert.name
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [insights.id]
    evaluationFrequency: alert.every
    windowSize: alert.over
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'value'
          operator: 'GreaterThan'
          threshold: alert.threshold
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}]

output insightsConnection string = insights.properties.ConnectionString
