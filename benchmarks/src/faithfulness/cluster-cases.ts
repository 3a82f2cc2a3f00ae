// What the command lines of clouds and clusters print about several objects.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import { nameBelow, records } from "./records.ts";
import { capitalised, times, type Words } from "./words.ts";

type Make = (words: Words) => FaithfulnessCase;

const two = (number: number): string => String(number).padStart(2, "0");

export const clusterCases: Readonly<Record<string, Make>> = {
  "instances of gcloud describe": (words) =>
    records(words, 18, {
      name: "gcloud compute instances describe",
      query: (_, name) => `What is the diskSizeGb of the instance ${name}-vm?`,
      record: (name, value, at) =>
        `---\ncanIpForward: false\ncpuPlatform: Intel Haswell\ncreationTimestamp: '2026-03-02T10:00:${two(at)}.000-07:00'\ndeletionProtection: false\nname: ${name}-vm\ndisks:\n- autoDelete: true\n  boot: true\n  deviceName: persistent-disk-0\n  diskSizeGb: '${value}'\n  interface: SCSI\n  type: PERSISTENT\nlabels:\n  owner: ${words.word()}\n  stage: ${words.word()}\nmachineType: e2-medium\nstatus: RUNNING\n`,
      line: (value) => `diskSizeGb: '${value}'`,
      parent: (name) => `name: ${name}-vm`,
      siblings: /name: \w+-vm/,
    }),
  "bindings of an IAM policy": (words) =>
    nameBelow(
      records(words, 40, {
        name: "gcloud projects get-iam-policy",
        query: (value) => `Which role does the service account sa-${value} have?`,
        before: "bindings:\n",
        record: (name, value) =>
          `- members:\n  - group:${words.word()}@example.com\n  - serviceAccount:sa-${value}@shop.iam.gserviceaccount.com\n  - user:${words.word()}@example.com\n  role: roles/${name}.viewer\n`,
        after: "etag: BwXh7\nversion: 1\n",
        line: (value) => `sa-${value}@`,
        parent: (name) => `roles/${name}.viewer`,
        siblings: /role:/,
      }),
    ),
  "statements of an IAM policy": (words) =>
    records(words, 24, {
      name: "policy.json",
      query: (value) => `Which Sid allows access to the queue jobs-${value}?`,
      before: '{\n  "Version": "2012-10-17",\n  "Statement": [\n',
      record: (name, value, at) =>
        `    {\n      "Sid": "Allow${capitalised(name)}",\n      "Effect": "Allow",\n      "Action": [\n        "sqs:SendMessage",\n        "sqs:GetQueueUrl"\n      ],\n      "Resource": [\n        "arn:aws:sqs:eu-west-1:1200${at}:${words.word()}",\n        "arn:aws:sqs:eu-west-1:1200${at}:jobs-${value}"\n      ]\n    }${at === 23 ? "" : ","}\n`,
      after: "  ]\n}\n",
      line: (value) => `jobs-${value}`,
      parent: (name) => `Allow${capitalised(name)}`,
      siblings: /"?Sid"?:/,
    }),
  "aws ec2 in YAML": (words) =>
    records(words, 20, {
      name: "aws ec2 describe-security-groups --output yaml",
      query: (value) => `Which security group opens the port ${value}?`,
      before: "SecurityGroups:\n",
      record: (name, value, at) =>
        `- Description: ${words.sentence()}\n  GroupName: ${name}-sg\n  IpPermissions:\n  - FromPort: 443\n    IpProtocol: tcp\n    IpRanges:\n    - CidrIp: 10.0.${at}.0/24\n    ToPort: 443\n  - FromPort: ${value}\n    IpProtocol: tcp\n    IpRanges: []\n    ToPort: ${value}\n  OwnerId: '1200'\n  VpcId: vpc-0${at}\n`,
      line: (value) => `FromPort: ${value}`,
      parent: (name) => `${name}-sg`,
      siblings: /GroupName:/,
    }),
  "containers of kubectl top": (words) =>
    records(words, 40, {
      name: "kubectl top pods --containers",
      query: (_, name) => `How much memory does the sidecar container of ${name} use?`,
      before: "POD                                NAME       CPU(cores)   MEMORY(bytes)   \n",
      record: (name, value, at) =>
        `${`${name}-6d8f9c7b5-x${two(at)}k2`.padEnd(35)}app        ${at + 3}m          ${at + 50}Mi           \n${`${name}-6d8f9c7b5-x${two(at)}k2`.padEnd(35)}sidecar    ${at + 1}m          ${value}Mi          \n`,
      line: (value) => `${value}Mi`,
      parent: (name) => `${name}-6d8f9c7b5`,
      siblings: /-6d8f9c7b5-/,
    }),
  "warnings among the events of a cluster": (words) =>
    records(words, 60, {
      name: "kubectl get events",
      query: (_, name) => `Why was the pod ${name}-0 not ready?`,
      before: "LAST SEEN   TYPE      REASON      OBJECT              MESSAGE\n",
      record: (name, value, at) =>
        `${at + 1}m         Normal    Pulled      pod/${`${name}-0`.padEnd(16)}Container image "shop/${words.word()}:1" already present on machine\n${at + 1}m         Warning   Unhealthy   pod/${`${name}-0`.padEnd(16)}Readiness probe failed: dial tcp 10.0.0.${at}:${value}: connect: connection refused\n`,
      line: (value) => `:${value}: connect`,
      parent: (name) => `pod/${name}-0`,
      siblings: /pod\//,
    }),
  "values of Helm releases": (words) =>
    records(words, 20, {
      name: "helm get values",
      query: (_, name) => `What is the targetPort of the release ${name}?`,
      record: (name, value, at) =>
        `RELEASE: ${name}\nUSER-SUPPLIED VALUES:\nimage:\n  repository: shop/${words.word()}\n  tag: 1.${at}.0\nreplicaCount: ${at + 1}\nresources:\n  limits:\n    cpu: 500m\n    memory: 256Mi\nservice:\n  targetPort: ${value}\n  type: ClusterIP\n\n`,
      line: (value) => `targetPort: ${value}`,
      parent: (name) => `RELEASE: ${name}`,
      siblings: /^RELEASE:/,
    }),
  "status of Helm releases": (words) =>
    records(words, 18, {
      name: "helm status",
      query: (value) => `Which release is reached at the port ${value}?`,
      record: (name, value, at) =>
        `NAME: ${name}\nLAST DEPLOYED: Mon Mar  2 10:00:${two(at)} 2026\nNAMESPACE: shop\nSTATUS: deployed\nREVISION: ${at + 1}\nTEST SUITE: None\nNOTES:\n1. Get the application URL by running these commands:\n  export POD_NAME=$(kubectl get pods --namespace shop -o jsonpath="{.items[0].metadata.name}")\n  echo "Visit http://127.0.0.1:${value} to use your application"\n  kubectl --namespace shop port-forward $POD_NAME ${value}:80\n\n`,
      line: (value) => `127.0.0.1:${value}`,
      parent: (name) => `NAME: ${name}`,
      siblings: /^NAME:/,
    }),
  "rollout history of deployments": (words) =>
    records(words, 30, {
      name: "kubectl rollout history",
      query: (value) => `Which deployment got image v${value}?`,
      record: (name, value, at) =>
        `deployment.apps/${name} \nREVISION  CHANGE-CAUSE\n${at + 1}         kubectl set image deployment/app app=shop/app:v${value - 3}\n${at + 2}         <none>\n${at + 3}         kubectl set image deployment/app app=shop/app:v${value}\n\n`,
      line: (value) => `app:v${value}`,
      parent: (name) => `deployment.apps/${name}`,
      siblings: /^deployment\.apps/,
    }),
  "lines of docker compose logs": (words) =>
    records(words, 60, {
      name: "docker compose logs",
      query: (value) => `Which service could not connect to port ${value}?`,
      record: (name, value, at) =>
        `${`${name}-1`.padEnd(12)}| 2026-03-02 10:00:${two(at)} starting ${words.word()}\n${`${name}-1`.padEnd(12)}| Error: connect ECONNREFUSED 127.0.0.1:${value}\n${`${name}-1`.padEnd(12)}|     at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)\n${`${name}-1`.padEnd(12)}| 2026-03-02 10:00:${two(at)} retrying ${words.word()}\n`,
      line: (value) => `127.0.0.1:${value}`,
      parent: (name) => `${name}-1`,
      siblings: /-1 +\|/,
    }),
  "steps of docker build": (words) =>
    records(words, 26, {
      name: "docker buildx build",
      query: (value) => `Which stage installed package libfoo${value}?`,
      record: (name, value, at) =>
        `#${at + 5} [${name} 2/7] RUN apt-get update && apt-get install -y --no-install-recommends build-essential\n#${at + 5} 0.412 Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]\n#${at + 5} 1.933 Reading package lists...\n#${at + 5} 2.118 The following NEW packages will be installed:\n#${at + 5} 2.118   ${words.word()} ${words.word()} libfoo${value} ${words.word()}\n#${at + 5} 3.500 Setting up ${words.word()} ...\n#${at + 5} DONE ${at}.4s\n\n`,
      line: (value) => `libfoo${value}`,
      parent: (name) => `[${name} 2/7]`,
      siblings: /^#\d+ \[/,
    }),
  "outputs of Pulumi stacks": (words) =>
    records(words, 22, {
      name: "pulumi stack",
      query: (_, name) => `What is the dbPort of the stack ${name}?`,
      record: (name, value, at) =>
        `Current stack is ${name}:\n    Owner: shop\n    Last updated: ${at + 2} hours ago (2026-03-02 10:00:${two(at)})\n    Pulumi version used: v3.100.0\n\nCurrent stack resources (3):\n    TYPE                     NAME\n    pulumi:pulumi:Stack      shop-${words.word()}\n    └─ aws:s3/bucket:Bucket  ${words.word()}\n\nCurrent stack outputs (2):\n    OUTPUT      VALUE\n    bucketName  ${words.word()}-4f\n    dbPort      ${value}\n\n`,
      line: (value) => `dbPort ${value}`,
      parent: (name) => `Current stack is ${name}:`,
      siblings: /^Current stack is/,
    }),
  "applications of Argo CD": (words) =>
    records(words, 18, {
      name: "argocd app get",
      query: (value) => `Which application is out of sync at revision rev${value}?`,
      record: (name, value, at) =>
        `Name:               argocd/${name}\nProject:            default\nServer:             https://kubernetes.default.svc\nNamespace:          shop\nURL:                https://argocd.example/applications/${at}\nSource:\n- Repo:             https://git.example/shop.git\n  Target:           HEAD\n  Path:             charts/${words.word()}\nSyncWindow:         Sync Allowed\nSync Status:        OutOfSync from HEAD (rev${value})\nHealth Status:      Healthy\n\nGROUP  KIND        NAMESPACE  NAME        STATUS     HEALTH\napps   Deployment  shop       ${words.word().padEnd(12)}OutOfSync  Healthy\n       Service     shop       ${words.word().padEnd(12)}Synced     Healthy\n\n`,
      line: (value) => `rev${value}`,
      parent: (name) => `argocd/${name}`,
      siblings: /^Name:/,
    }),
  "allocations of Nomad": (words) =>
    records(words, 20, {
      name: "nomad job status",
      query: (value) => `Which job listens at the dynamic port ${value}?`,
      record: (name, value, at) =>
        `ID            = ${name}\nName          = ${name}\nSubmit Date   = 2026-03-02T10:00:${two(at)}Z\nType          = service\nPriority      = 50\nDatacenters   = dc1\nStatus        = running\n\nSummary\nTask Group  Queued  Starting  Running  Failed\nweb         0       0         ${at + 1}        0\n\nPorts\nLabel  Dynamic  Address\nhttp   yes      10.0.${at}.4:${value}\n\n`,
      line: (value) => `:${value}`,
      parent: (name) => `= ${name}`,
      siblings: /^ID /,
    }),
  "paths of a Vault policy": (words) =>
    records(words, 36, {
      name: "policy.hcl",
      query: (_, name) => `What is the max_wrapping_ttl for the path kv/data/${name}?`,
      record: (name, value) =>
        `# ${words.sentence()}\npath "kv/data/${name}/*" {\n  capabilities = ["create", "read", "update"]\n  min_wrapping_ttl = "1s"\n  max_wrapping_ttl = "${value}s"\n}\n\n`,
      line: (value) => `"${value}s"`,
      parent: (name) => `kv/data/${name}/`,
      siblings: /^path /,
    }),
  "resources of CloudFormation": (words) =>
    records(words, 22, {
      name: "template.yaml",
      query: (_, name) => `What is the VisibilityTimeout of ${capitalised(name)}Queue?`,
      before: "AWSTemplateFormatVersion: '2010-09-09'\nDescription: Queues of the shop\nResources:\n",
      record: (name, value, at) =>
        `  ${capitalised(name)}Queue:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Retain\n    Properties:\n      QueueName: !Sub '\${AWS::StackName}-${at}'\n      MessageRetentionPeriod: 1209600\n      VisibilityTimeout: ${value}\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt ${capitalised(words.word())}Dead.Arn\n        maxReceiveCount: 3\n\n`,
      line: (value) => `VisibilityTimeout: ${value}`,
      parent: (name) => `${capitalised(name)}Queue:`,
      siblings: /^ *\w+Queue:$/,
    }),
  "objects of several buckets": (words) =>
    records(words, 24, {
      name: "list-buckets.sh",
      query: (value) => `In which bucket is the file report-${value}.csv?`,
      record: (name, value, at) =>
        `$ aws s3 ls s3://${name}-archive --recursive --human-readable\n${times(5, (own) => `2026-03-02 10:${two(own)}:${two(at)}   ${own + 2}.5 KiB logs/${words.word()}-${own}.gz\n`).join("")}2026-03-02 11:00:${two(at)}   12.0 KiB reports/report-${value}.csv\n\nTotal Objects: 6\n   Total Size: 30.5 KiB\n`,
      line: (value) => `report-${value}.csv`,
      parent: (name) => `s3://${name}-archive`,
      siblings: /^\$ aws/,
    }),
  "permissions of service accounts": (words) =>
    records(words, 26, {
      name: "kubectl auth can-i --list",
      query: (value) => `Which service account may patch shop-${value}?`,
      record: (name, value) =>
        `== system:serviceaccount:shop:${name}\nResources                                       Non-Resource URLs   Resource Names   Verbs\nselfsubjectreviews.authentication.k8s.io        []                  []               [create]\nconfigmaps                                      []                  [shop-${value}]      [get patch]\n                                                [/healthz]          []               [get]\nsecrets                                         []                  [${words.word()}]         [get]\n\n`,
      line: (value) => `[shop-${value}]`,
      parent: (name) => `serviceaccount:shop:${name}`,
      siblings: /^== /,
    }),
};
