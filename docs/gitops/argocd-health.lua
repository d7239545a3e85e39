-- Health of a SessionPublish for Argo CD: resource.customizations.health.sessionpublish.dev_SessionPublish in argocd-cm.
-- Of a SessionProject too, under its own name: both have the same conditions.
local health = {status = "Progressing", message = "Waiting for the operator"}
local status = obj.status
if status == nil or status.conditions == nil then
  return health
end
if status.observedGeneration ~= obj.metadata.generation then
  return health
end
health.message = status.message or ""
if status.phase == "Suspended" then
  health.status = "Suspended"
  return health
end
for _, condition in ipairs(status.conditions) do
  if condition.type == "Stalled" and condition.status == "True" then
    health.status = "Degraded"
    health.message = condition.message
    return health
  end
  if condition.type == "Ready" and condition.status == "True" then
    health.status = "Healthy"
    health.message = condition.message
  end
end
return health
