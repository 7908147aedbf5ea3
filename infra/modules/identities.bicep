// An identity for each app: who answers cannot write models, who trains cannot read applications.
param environmentName string
param location string
param tags object

resource serving 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-serving-${environmentName}'
  location: location
  tags: tags
}

resource retraining 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-retraining-${environmentName}'
  location: location
  tags: tags
}

output servingId string = serving.id
output servingClientId string = serving.properties.clientId
output servingPrincipalId string = serving.properties.principalId
output retrainingId string = retraining.id
output retrainingClientId string = retraining.properties.clientId
output retrainingPrincipalId string = retraining.properties.principalId
