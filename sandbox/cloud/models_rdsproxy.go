package cloud

const typeDBProxy = "aws:rds/proxy:Proxy"

// The rules are those of the Aurora user guide, "Amazon RDS Proxy for Aurora":
// quotas, limitations and prerequisites.
var rdsProxyModels = []model{
	{
		Type: typeDBProxy, Service: "RDS", ID: "{name}", Auto: autoname{max: 63, lower: true},
		Set: map[string]string{
			"arn": "arn:aws:rds:{region}:{account}:db-proxy:prx-{hex:17}", "endpoint": "{name}.proxy-{alnum:12}.{region}.rds.amazonaws.com",
		},
		Unique: []string{"{lower:name}"}, Exists: "DBProxyAlreadyExistsFault",
		UsedBy: []string{"aws:rds/proxyEndpoint:ProxyEndpoint"}, InUse: "InvalidDBProxyStateFault",
		Refs: map[string][]string{"roleArn": {typeRole}, "auths.secretArn": {typeSecret}},
		Check: func(o *op) error {
			if err := rdsNamed("name")(o); err != nil {
				return err
			}
			if err := assumableBy(o, "roleArn", "rds.amazonaws.com"); err != nil {
				return err
			}
			if len(texts(o.in, "vpcSubnetIds")) < 2 {
				return o.refuse("InvalidSubnet", "a proxy needs subnets in at least two Availability Zones")
			}
			return sameVPC(o, "vpcSubnetIds", "vpcSecurityGroupIds")
		},
	},
	{
		Type: "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup", Service: "RDS", ID: "{dbProxyName}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:rds:{region}:{account}:target-group:prx-tg-{hex:17}", "name": "default",
		},
		Refs: map[string][]string{"dbProxyName": {typeDBProxy}}, Unique: []string{"{dbProxyName}"}, Exists: "InvalidParameterValue",
	},
	{
		Type: "aws:rds/proxyTarget:ProxyTarget", Service: "RDS", ID: "{dbProxyName}/{targetGroupName}/TRACKED_CLUSTER/{dbClusterIdentifier}",
		Auto: autoname{none: true},
		Set: map[string]string{
			"type": "TRACKED_CLUSTER", "rdsResourceId": "{dbClusterIdentifier}", "trackedClusterId": "{dbClusterIdentifier}",
		},
		Refs:   map[string][]string{"dbProxyName": {typeDBProxy}, "dbClusterIdentifier": {typeDBCluster}},
		Unique: []string{"{dbProxyName} {dbClusterIdentifier}"}, Exists: "DBProxyTargetAlreadyRegisteredFault",
		Check: func(o *op) error {
			if g := text(o.in, "targetGroupName"); g != "default" {
				return o.refuse("DBProxyTargetGroupNotFoundFault", "a proxy has one target group, default, not %s", g)
			}
			return nil
		},
	},
	{
		Type: "aws:rds/proxyEndpoint:ProxyEndpoint", Service: "RDS", ID: "{dbProxyName}/{dbProxyEndpointName}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn":      "arn:aws:rds:{region}:{account}:db-proxy-endpoint:prx-endpoint-{hex:17}",
			"endpoint": "{dbProxyEndpointName}.endpoint.proxy-{alnum:12}.{region}.rds.amazonaws.com",
		},
		Refs:   map[string][]string{"dbProxyName": {typeDBProxy}},
		Unique: []string{"{lower:dbProxyEndpointName}"}, Exists: "DBProxyEndpointAlreadyExistsFault",
		Check: func(o *op) error {
			if err := rdsNamed("dbProxyEndpointName")(o); err != nil {
				return err
			}
			if role := text(o.in, "targetRole"); role != "" && role != "READ_WRITE" && role != "READ_ONLY" {
				return o.refuse("InvalidParameterValue", "targetRole %s must be READ_WRITE or READ_ONLY", role)
			}
			for _, id := range texts(o.in, "vpcSubnetIds") {
				found, err := o.find(id, typeSubnet)
				if err != nil {
					return err
				}
				for _, s := range found {
					o.out["vpcId"] = text(s.Outputs, "vpcId")
				}
			}
			return sameVPC(o, "vpcSubnetIds", "vpcSecurityGroupIds")
		},
		Compute: func(o *op) error { o.out["isDefault"] = false; return nil },
	},
}
