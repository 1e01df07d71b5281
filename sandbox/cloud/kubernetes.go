package cloud

type kubernetesProvider struct{ base }

func clusterScope(arn string) Scope { return Scope{Package: "kubernetes", Account: arn} }
