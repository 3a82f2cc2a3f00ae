module example.invalid/k8s-verify/pause

go 1.26.0
