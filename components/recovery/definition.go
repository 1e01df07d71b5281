package recovery

import "fmt"

// plan is everything that the definitions of a region's two state machines are
// made from. It holds plain values only, so a definition is a pure function of it.
//
// What the definitions use of the Amazon States Language: JSONPath; Task, Choice,
// Wait, Pass, Parallel, Succeed and Fail; the intrinsic functions States.MathAdd,
// States.JsonToString and States.JsonMerge; the context object's Execution and Task.Token; filters
// in the paths of a ResultSelector ([?(@.IsWriter==true)], [*]); paths of a result
// that do not exist yet ($.failure.Promote); a Fail's CausePath. Integrations are
// told by the constants below.
type plan struct {
	// Region is the machine's own region, OtherRegion the one that it takes over
	// from and hands over to.
	Region, OtherRegion string

	// GlobalClusterID is the Aurora global database, ClusterARN this region's member.
	GlobalClusterID, ClusterARN string
	// LeaseTable is this region's table with the writer's lease.
	LeaseTable string
	// TopicARN is where people are told and asked.
	TopicARN string

	// ConnectionARN is the EventBridge connection that HTTP tasks go by.
	ConnectionARN string
	// OwnURL, OtherURL and OriginURL are the health endpoints of this region, of the
	// other, and of the name that both answer for.
	OwnURL, OtherURL, OriginURL string
	// AheadURL is the health endpoint of a region that takes over before this one, or "".
	AheadURL string
	// ReplicationAlarm and CanaryAlarm are alarms of this region: that nothing is
	// replicated from the other one any more, and that this region's canary has not
	// reached the other one for minutes.
	ReplicationAlarm, CanaryAlarm string

	// Routing is the takeover object. Nil in home, whose record leads unless the
	// standby has taken over.
	Routing *takeoverObject

	// Approval and ApprovalSeconds are the policy for a region that is lost by all
	// signals.
	Approval        Approval
	ApprovalSeconds int

	// LeaseSeconds is how long a lease holds that is not renewed, FenceSeconds how
	// long to wait until no client is led to the other region, ConnectionSeconds how
	// long after that until none has a connection to it, PromotionSeconds the longest
	// that Aurora is given.
	LeaseSeconds, FenceSeconds, ConnectionSeconds, PromotionSeconds int

	// Way is the way to the other region's database. Nil where there is none, or where
	// it is not to be cut.
	Way *way

	// ClusterName is the EKS cluster of NodeGroups and Workloads, ClusterEndpoint and
	// ClusterAuthority how its API is reached.
	ClusterName, ClusterEndpoint, ClusterAuthority string
	NodeGroups                                     []nodeGroup
	Workloads                                      []pods
	// Readers is the number of the database's readers. Nil leaves it alone.
	Readers *readers
}

// takeoverObject is the object in the standby region whose existence says that the
// standby has taken over.
type takeoverObject struct{ Bucket, Key string }

// nodeGroup is a managed node group and the fewest nodes that it has to have
// while its region takes the load.
type nodeGroup struct {
	Name    string
	MinSize int
}

// readers bounds the number of Aurora replicas of the cluster ClusterID.
type readers struct {
	ClusterID string
	Min, Max  int
}

// The service integrations. Each reaches the machine's own region alone, but for
// httpInvoke, which reaches any public endpoint.
const (
	httpInvoke        = "http:invoke"
	publish           = "sns:publish"
	ask               = "sns:publish.waitForTaskToken"
	updateItem        = "dynamodb:updateItem"
	getItem           = "dynamodb:getItem"
	failoverGlobal    = "aws-sdk:rds:failoverGlobalCluster"
	switchoverGlobal  = "aws-sdk:rds:switchoverGlobalCluster"
	describeGlobal    = "aws-sdk:rds:describeGlobalClusters"
	describeAlarms    = "aws-sdk:cloudwatch:describeAlarms"
	describeNodes     = "aws-sdk:eks:describeNodegroup"
	updateNodes       = "aws-sdk:eks:updateNodegroupConfig"
	createRoute       = "aws-sdk:ec2:createTransitGatewayRoute"
	deleteRoute       = "aws-sdk:ec2:deleteTransitGatewayRoute"
	registerReaders   = "aws-sdk:applicationautoscaling:registerScalableTarget"
	callKubernetes    = "eks:call"
	putObject         = "aws-sdk:s3:putObject"
	deleteObject      = "aws-sdk:s3:deleteObject"
	pollSeconds       = 10
	probeSeconds      = 10   // of one HTTP task
	doubtSeconds      = 1800 // that a person has where the signals disagree
	leaseID           = "writer"
	switchoverMode    = "switchover"
	failoverMode      = "failover"
	writers           = "$.GlobalClusters[*].GlobalClusterMembers[?(@.IsWriter==true)].DbClusterArn"
	others            = "$.GlobalClusters[*].GlobalClusterMembers[?(@.IsWriter==false)].DbClusterArn"
	now               = "$$.State.EnteredTime"
	execution         = "$$.Execution.Id"
	firstWriter       = "$.global.writers[0]"
	firstOther        = "$.global.others[0]"
	secondOther       = "$.global.others[1]"
	failoverInRequest = "$.request.mode"
	forceInRequest    = "$.request.force"
)

// Errors of RDS for a change of roles that is under way or done, by the names of the AWS
// SDK for Java 2.x, which AWS SDK integrations fail with (Step Functions developer
// guide, "Learning to use AWS service SDK integrations"); the API calls them
// InvalidGlobalClusterStateFault and InvalidDBClusterStateFault.
const (
	invalidGlobal  = "Rds.InvalidGlobalClusterStateException"
	invalidCluster = "Rds.InvalidDbClusterStateException"
)

// failed leads every error of a step to next, with the error kept under the
// step's name.
func failed(step, next string) catcher {
	return catcher{ErrorEquals: []string{anyError}, ResultPath: "$.failure." + step, Next: next}
}

// begin keeps what the machine was started with apart from what it finds out.
func begin(next string) state {
	return state{Type: "Pass", Parameters: object{"request.$": "$", "polls": object{"n": 0}}, Next: next}
}

// probe asks a health endpoint, three times in all.
func (p *plan) probe(url string, next string, attempts, interval int, catch ...catcher) state {
	return state{
		Type: "Task", Resource: "arn:aws:states:::" + httpInvoke, TimeoutSeconds: probeSeconds,
		Parameters: object{
			"ApiEndpoint": url, "Method": "GET",
			"Authentication": object{"ConnectionArn": p.ConnectionARN},
		},
		ResultPath: discard,
		Retry:      []retrier{{ErrorEquals: []string{anyError}, IntervalSeconds: interval, MaxAttempts: attempts - 1, BackoffRate: 1}},
		Catch:      catch, Next: next,
	}
}

// findWriter looks up which member of the global database takes the writes.
func (p *plan) findWriter(next string, catch ...catcher) state {
	return call(describeGlobal, object{"GlobalClusterIdentifier": p.GlobalClusterID}, next, catch...).
		keep("$.global", object{"writers.$": writers, "others.$": others, "status.$": "$.GlobalClusters[*].Status"})
}

// isWriter holds where this region's member takes the writes.
func (p *plan) isWriter() rule { return equals(firstWriter, p.ClusterARN) }

func available() rule { return equals("$.global.status[0]", "available") }

// settled holds where the global database is not changing its writer.
func settled() rule {
	return all(not(equals("$.global.status[0]", "failing-over")), not(equals("$.global.status[0]", "switching-over")))
}

// The lease is one item. Its holder is an execution, which keeps renewing it
// while it is "running". Step Functions has no arithmetic of time in JSONPath, so
// the lease of a holder that is gone is taken as Kubernetes' leases are: by
// waiting for as long as a lease holds, and seeing that nobody renewed it.
func (p *plan) takeLease(condition string, values object, next string, catch ...catcher) state {
	all := object{
		":me": object{"S.$": execution}, ":now": object{"S.$": now}, ":running": object{"S": "running"},
		":region": object{"S": p.Region}, ":seconds": object{"N": fmt.Sprint(p.LeaseSeconds)},
		":request": object{"S.$": "States.JsonToString($.request)"}, ":steps": object{"M": object{}},
	}
	for k, v := range values {
		all[k] = v
	}
	return call(updateItem, object{
		"TableName": p.LeaseTable,
		"Key":       object{"id": object{"S": leaseID}},
		"UpdateExpression": "SET #holder = :me, #state = :running, #region = :region, #acquired = :now, #renewed = :now, " +
			"#seconds = :seconds, #request = :request, #steps = :steps",
		"ConditionExpression": condition,
		"ExpressionAttributeNames": object{
			"#holder": "holder", "#state": "state", "#region": "region", "#acquired": "acquired", "#renewed": "renewed",
			"#seconds": "leaseSeconds", "#request": "request", "#steps": "steps",
		},
		"ExpressionAttributeValues": all,
	}, next, catch...)
}

// lease adds the states that take the lease, from TakeLease to next, and then look
// up again who writes. Where another execution holds it and is at work, the machine
// ends.
func (p *plan) lease(states map[string]state, next string) {
	states["LookAgain"] = p.findWriter(next, failed("LookAgain", "FailLease"))
	states["TakeLease"] = p.takeLease("attribute_not_exists(id) OR #state <> :running OR #holder = :me", nil, "LookAgain",
		on("LookAtLease", conditional), failed("TakeLease", "NotifyFailure"))
	states["LookAtLease"] = call(getItem, object{
		"TableName": p.LeaseTable, "Key": object{"id": object{"S": leaseID}}, "ConsistentRead": true,
	}, "LeaseSeen?", failed("LookAtLease", "NotifyFailure")).keep("$.seen", nil)
	states["LeaseSeen?"] = choice("TakeLease", present("$.seen.Item.renewed.S").to("AwaitLease"))
	states["AwaitLease"] = wait(p.LeaseSeconds, "TakeOldLease").because("Whoever holds the lease and is at work renews it meanwhile")
	states["TakeOldLease"] = p.takeLease("#renewed = :seen OR #state <> :running", object{":seen": object{"S.$": "$.seen.Item.renewed.S"}}, "LookAgain",
		on("AlreadyRunning", conditional), failed("TakeOldLease", "NotifyFailure"))
	states["AlreadyRunning"] = state{Type: "Succeed", Comment: "Another execution holds the lease and is at work"}
}

// record notes when a step was done, and renews the lease. An execution that lost
// the lease ends; one that cannot write it goes on.
func (p *plan) record(step, next string) state {
	return p.updateLease("SET #renewed = :now, #steps.#step = :now",
		object{"#step": step, "#steps": "steps"}, object{}, next, catcher{ErrorEquals: []string{conditional}, ResultPath: "$.failure.lease", Next: "NotifyFailure"}, on(next, anyError))
}

// endLease gives the lease another state than running.
func (p *plan) endLease(to, next string) state {
	return p.updateLease("SET #renewed = :now, #state = :state",
		object{"#state": "state"}, object{":state": object{"S": to}}, next, on(next, anyError))
}

func (p *plan) updateLease(expression string, names, values object, next string, catch ...catcher) state {
	names["#renewed"], names["#holder"] = "renewed", "holder"
	values[":now"], values[":me"] = object{"S.$": now}, object{"S.$": execution}
	return call(updateItem, object{
		"TableName":                 p.LeaseTable,
		"Key":                       object{"id": object{"S": leaseID}},
		"UpdateExpression":          expression,
		"ConditionExpression":       "#holder = :me",
		"ExpressionAttributeNames":  names,
		"ExpressionAttributeValues": values,
	}, next, catch...)
}

// await adds the states that poll the global database from first on, until done
// holds, and then go to next; late is where they lead when Aurora takes too long.
func (p *plan) await(states map[string]state, first string, done rule, next, late string) {
	states[first] = p.findWriter("Promoted?", on("CountPoll", anyError))
	states["Promoted?"] = choice("CountPoll", done.to(next))
	states["CountPoll"] = state{Type: "Pass", Parameters: object{"n.$": "States.MathAdd($.polls.n, 1)"}, ResultPath: "$.polls", Next: "TooLate?"}
	states["TooLate?"] = choice("AwaitPoll", rule{
		Variable: "$.polls.n", NumericGreaterThanEquals: ptr((p.PromotionSeconds + pollSeconds - 1) / pollSeconds), Next: "TooLate",
	})
	states["TooLate"] = state{
		Type: "Pass", Result: fmt.Sprintf("the global database has no new writer after %d s", p.PromotionSeconds),
		ResultPath: "$.failure." + first, Next: late,
	}
	states["AwaitPoll"] = wait(pollSeconds, "RenewLease")
	states["RenewLease"] = p.updateLease("SET #renewed = :now", object{}, object{}, first,
		catcher{ErrorEquals: []string{conditional}, ResultPath: "$.failure.lease", Next: "NotifyFailure"}, on(first, anyError))
}

// notify tells people. Where nobody can be told, the machine goes on.
func (p *plan) notify(subject string, message object, next string) state {
	message["region"], message["execution.$"], message["request.$"] = p.Region, execution, "$.request"
	return call(publish, object{"TopicArn": p.TopicARN, "Subject": subject, "Message": message}, next, on(next, anyError))
}

// endings adds the states that end a machine which did not do its work.
func (p *plan) endings(states map[string]state, what string) {
	states["NotifyFailure"] = p.notify(what+" failed in "+p.Region, object{"failure.$": "$.failure"}, "Failed")
	states["Failed"] = state{Type: "Fail", Error: "Failed", CausePath: "States.JsonToString($.failure)"}
	states["NotifyRefusal"] = p.notify(what+" refused in "+p.Region, object{"refused.$": "$.refused"}, "Refused")
	states["Refused"] = state{Type: "Fail", Error: "Refused", CausePath: "$.refused"}
}

// refuse is a state that says why the machine does nothing.
func refuse(reason string) state {
	return state{Type: "Pass", Result: reason, ResultPath: "$.refused", Next: "NotifyRefusal"}
}
