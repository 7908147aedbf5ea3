#!/bin/sh
# Subscribes the apps to new blobs. The keys of their webhooks are read within the deployment: they are neither printed nor kept.
set -eu
cd "$(dirname "$0")/.."
. hooks/retry.sh
retry az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" --name events \
  --template-file subscriptions.bicep \
  --parameters dataAccount="$DATA_ACCOUNT" blobTriggers="$BLOB_TRIGGERS" --output none
echo "New blobs start $SERVING_APP and $RETRAINING_APP"
