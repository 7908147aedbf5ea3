#!/bin/sh
# Subscribes the retraining app to new blobs. The key of its webhook is read within the deployment: it is neither printed nor kept.
set -eu
cd "$(dirname "$0")/.."
. hooks/retry.sh
retry az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" --name events \
  --template-file subscriptions.bicep \
  --parameters dataAccount="$DATA_ACCOUNT" app="$RETRAINING_APP" blobTriggers="$BLOB_TRIGGERS" --output none
echo "New blobs start $RETRAINING_APP"
