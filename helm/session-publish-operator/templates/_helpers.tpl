{{- /*
The prefix of all names. It is a DNS label that starts with a letter, as names of Services are, though a release's name
may have dots and start with a digit. Suffixes may have 13 characters.
*/ -}}
{{- define "session-publish.fullname" -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- $name := printf "%s-%s" $release .Chart.Name -}}
{{- if .Values.fullnameOverride -}}
{{- $name = .Values.fullnameOverride -}}
{{- else if hasPrefix $release .Chart.Name -}}
{{- $name = .Chart.Name -}}
{{- else if regexMatch "^[0-9]" $release -}}
{{- $name = printf "%s-%s" .Chart.Name $release -}}
{{- else if contains .Chart.Name $release -}}
{{- $name = $release -}}
{{- end -}}
{{- regexReplaceAll "-+$" (trunc 50 $name) "" -}}
{{- end -}}

{{- define "session-publish.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "session-publish.labels" -}}
{{ include "session-publish.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- /* Of the pod of helm test, which the selector must not match. */ -}}
{{- define "session-publish.testSelector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- /*
With a user id, which an image without a numeric user needs, unless the values have one. OpenShift gives each namespace a
range of them, takes one of it for a pod without, and refuses a pod with another.
*/ -}}
{{- define "session-publish.podSecurityContext" -}}
{{- $context := deepCopy .Values.podSecurityContext -}}
{{- if not (or (hasKey $context "runAsUser") (.Capabilities.APIVersions.Has "security.openshift.io/v1")) -}}
{{- $context = merge $context (dict "runAsUser" 65532 "runAsGroup" 65532) -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{- define "session-publish.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "session-publish.fullname" .) -}}
{{- end -}}

{{- define "session-publish.image" -}}
{{- $repository := required "image.repository is empty: build an image (docs/install.md) and set its repository, for example --set image.repository=registry.example.com/session-publish-operator" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- /* The namespaces of sandboxes, separated by commas; empty for all. */ -}}
{{- define "session-publish.sandboxNamespaces" -}}
{{- join "," (.Values.sandboxNamespaces | default .Values.watchNamespaces) -}}
{{- end -}}

{{- define "session-publish.subjects" -}}
- kind: ServiceAccount
  name: {{ include "session-publish.serviceAccount" . }}
  namespace: {{ .Release.Namespace | quote }}
{{- end -}}

{{- define "session-publish.forges" -}}
{{- range $index, $forge := .Values.forges }}
- host: {{ $forge.host | quote }}
  {{- if $forge.kind }}
  kind: {{ $forge.kind }}
  {{- end }}
  {{- if $forge.apiUrl }}
  apiUrl: {{ $forge.apiUrl | quote }}
  {{- end }}
  {{- if $forge.lfsHosts }}
  lfsHosts: {{ toJson $forge.lfsHosts }}
  {{- end }}
  {{- if or $forge.ca $forge.caConfigMap }}
  caBundle: /etc/session-publish/ca-{{ $index }}.pem
  {{- end }}
{{- end }}
{{- end -}}

{{- /* Rejects combinations of values that the schema can't check. */ -}}
{{- define "session-publish.check" -}}
{{- range $namespace := .Values.sandboxNamespaces -}}
{{- if and $.Values.watchNamespaces (not (has $namespace $.Values.watchNamespaces)) -}}
{{- fail (printf "sandboxNamespaces has %s, which the operator doesn't watch: add it to watchNamespaces, or leave watchNamespaces empty" $namespace) -}}
{{- end -}}
{{- end -}}
{{- range $namespace, $names := .Values.credentialSecrets -}}
{{- $where := $.Values.sandboxNamespaces | default $.Values.watchNamespaces -}}
{{- if and $where (not (has $namespace $where)) -}}
{{- fail (printf "credentialSecrets has %s, which isn't a namespace with sandboxes (%s): add it to sandboxNamespaces or watchNamespaces, or remove it" $namespace (join ", " $where)) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "forgeTimeout" "progressInterval" "retryInitial" "retryMax" -}}
{{- $value := get $.Values.settings $name | toString -}}
{{- if and $value (not (regexMatch "^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?)?$" $value)) -}}
{{- fail (printf "settings.%s is %s: write an ISO-8601 duration, such as PT30S, PT15M or PT1H" $name $value) -}}
{{- end -}}
{{- end -}}
{{- with get .Values.settings "maxPack" -}}
{{- if not (regexMatch "^[0-9]+(KiB|MiB|GiB)$" .) -}}
{{- fail (printf "settings.maxPack is %s: write a whole number followed by KiB, MiB or GiB, such as 512MiB" .) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "workspaceRoot" "workspaceDirectory" -}}
{{- $value := get $.Values.settings $name -}}
{{- if and $value (not (hasPrefix "/" $value)) -}}
{{- fail (printf "settings.%s is %s: write an absolute path, such as /workspace" $name $value) -}}
{{- end -}}
{{- end -}}
{{- range $forge := .Values.forges -}}
{{- if and $forge.ca $forge.caConfigMap -}}
{{- fail (printf "the forge %s has both ca and caConfigMap: keep one of them" $forge.host) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.service.enabled) -}}
{{- fail "metrics.serviceMonitor needs metrics.service: enable it, or use metrics.podMonitor" -}}
{{- end -}}
{{- if eq (int .Values.probePort) (int .Values.metricsPort) -}}
{{- fail (printf "probePort and metricsPort are both %d: use two ports, so that who floods the metrics can't stall a probe" (int .Values.probePort)) -}}
{{- end -}}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
{{- fail "serviceAccount.create is false: set serviceAccount.name to an existing service account" -}}
{{- end -}}
{{- end -}}
