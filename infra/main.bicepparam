using 'main.bicep'

// Filled in by azd from its environment (azd env set NAME value).
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param hostingModel = readEnvironmentVariable('HOSTING_MODEL', 'custom')
param alwaysReady = int(readEnvironmentVariable('ALWAYS_READY', '0'))
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', 'operators@example.com')
param operatorsGroupId = readEnvironmentVariable('OPERATORS_GROUP_ID', '')
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID', '')
param allowedOrigins = json(readEnvironmentVariable('ALLOWED_ORIGINS', '[]'))
param collectorEndpoint = readEnvironmentVariable('COLLECTOR_ENDPOINT', '')
param retentionDays = json(readEnvironmentVariable('RETENTION_DAYS', '{}'))
param anchorsLocked = bool(readEnvironmentVariable('ANCHORS_LOCKED', 'false'))
