package cloud

// replicasOf are the replicas of a table that are resources of their own.
func (t *tx) replicasOf(table *Resource) ([]*Resource, error) {
	users, err := t.users(table)
	if err != nil {
		return nil, err
	}
	var replicas []*Resource
	for _, u := range users {
		if u.Type == typeTableReplica {
			replicas = append(replicas, u)
		}
	}
	return replicas, nil
}

// describeTable tells of every replica of a table, whoever made it: that is how
// the provider comes to delete another stack's (terraform-provider-aws#38968).
func describeTable(t *tx, r *Resource) error {
	replicas, err := t.replicasOf(r)
	if err != nil || len(replicas) == 0 {
		return err
	}
	list, _ := at(r.Inputs, "replicas").([]any)
	for _, replica := range replicas {
		described := map[string]any{
			"regionName": replica.Scope.Region, "arn": replica.Outputs["arn"], "pointInTimeRecovery": truth(replica.Inputs, "pointInTimeRecovery"),
			"propagateTags": false,
		}
		if key := text(replica.Outputs, "kmsKeyArn"); key != "" {
			described["kmsKeyArn"] = key
		}
		list = append(list, described)
	}
	setBoth(r, "replicas", list)
	return nil
}

// deleteReplicas does what an update comes to that takes the list of replicas
// away: DeleteTableReplica for each.
func (o *op) deleteReplicas() error {
	replicas, err := o.replicasOf(o.old)
	if err != nil {
		return err
	}
	for _, r := range replicas {
		if err := o.erase(r, r.Scope.Region); err != nil {
			return err
		}
	}
	return nil
}
