package cloud

import (
	"fmt"
	"strings"
)

const typeObject = "aws:s3/bucketObjectv2:BucketObjectv2"

// objectKey is the id of an object in the store: keys are of their bucket's own.
func objectKey(bucket, key string) string { return bucket + "/" + key }

// bucket returns a bucket, which has to be there.
func (t *tx) bucket(name string) (*Resource, error) {
	found, err := t.find(name, typeBucket)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("NoSuchBucket: the specified bucket does not exist: %s", name)
	}
	return found[0], nil
}

// PutObject puts an empty object into a bucket, as a user or a service of AWS
// would: no program knows of it. A bucket that is not there is an error.
func (c *Cloud) PutObject(bucket, key string) error {
	return c.update(func(t *tx) error {
		holder, err := t.bucket(bucket)
		if err != nil {
			return err
		}
		if key == "" {
			return fmt.Errorf("the key of an object in %s is empty", bucket)
		}
		in := map[string]any{"bucket": bucket, "key": key}
		return t.put(&Resource{
			Type: typeObject, ID: objectKey(bucket, key), Scope: holder.Scope, Inputs: in, Outputs: in,
			Refs: []Ref{{Path: "bucket", Type: typeBucket, ID: holder.ID, Scope: holder.Scope}},
		})
	})
}

// DeleteObject deletes an object of a bucket, if it is there, as a user or a
// service of AWS would. A bucket that is not there is an error.
func (c *Cloud) DeleteObject(bucket, key string) error {
	return c.update(func(t *tx) error {
		holder, err := t.bucket(bucket)
		if err != nil {
			return err
		}
		object, err := t.get(holder.Scope, typeObject, objectKey(bucket, key))
		if err != nil || object == nil {
			return err
		}
		return t.remove(object)
	})
}

// HasObject says whether an object is in a bucket.
func (c *Cloud) HasObject(bucket, key string) (there bool, err error) {
	err = c.view(func(t *tx) error {
		found, err := t.find(bucket, typeBucket)
		if err != nil || len(found) == 0 {
			return err
		}
		object, err := t.get(found[0].Scope, typeObject, objectKey(bucket, key))
		there = object != nil
		return err
	})
	return there, err
}

// emptyBucket refuses to delete a bucket with objects in it, unless forceDestroy
// is set, which deletes them too.
func emptyBucket(o *op) error {
	var inside []*Resource
	err := o.eachOf(o.scope, typeObject, func(r *Resource) error {
		if strings.TrimPrefix(text(r.Inputs, "bucket"), "arn:aws:s3:::") == o.id {
			inside = append(inside, r)
		}
		return nil
	})
	if err != nil || len(inside) == 0 {
		return err
	}
	if !truth(o.out, "forceDestroy") {
		return o.fail("deleting", "BucketNotEmpty", "the bucket you tried to delete is not empty: %s holds %d objects, such as %s: "+
			"delete them, or set forceDestroy", o.id, len(inside), text(inside[0].Inputs, "key"))
	}
	for _, r := range inside {
		if err := o.remove(r); err != nil {
			return err
		}
	}
	return nil
}
