package stepfunctions

// cases are definitions with answers to their tasks, and the way that they go.
// Those that both can run go through aws-local-stepfunctions too.
var cases = []struct {
	name, definition, input string
	answers                 answers
	// path are the states entered, "" where their order is not fixed; output is the
	// result and fails the name of the error.
	path, output, fails string
	// alone is why the case is not put to aws-local-stepfunctions.
	alone string
}{
	{
		name: "input and output of a task",
		definition: `{"StartAt":"A","States":{"A":` + task(`"InputPath":"$.in","Parameters":{"a.$":"$.x","fixed":1,"deep":{"list":[{"b.$":"$.y"}]}},
			"ResultSelector":{"first.$":"$.L[0].id","all.$":"$.L[*].id"},"ResultPath":"$.out.r","OutputPath":"$.out","End":true`) + `}}`,
		input:   `{"in":{"x":1,"y":2}}`,
		answers: answers{"A": {{Output: map[string]any{"L": []any{map[string]any{"id": "p"}, map[string]any{"id": "q"}}}}}},
		path:    "A", output: `{"r":{"first":"p","all":["p","q"]}}`,
	},
	{
		name:       "a result that is dropped",
		definition: `{"StartAt":"A","States":{"A":` + task(`"ResultPath":null,"End":true`) + `}}`,
		input:      `{"x":1}`, path: "A", output: `{"x":1}`,
	},
	{
		name:       "a path of null",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":null,"End":true}}}`,
		input:      `{"x":1}`, path: "A", output: `{}`,
	},
	{
		name:       "a filter",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"w.$":"$.m[?(@.w == true)].arn","n.$":"States.ArrayLength($.m[?(@.n > 1)])"},"End":true}}}`,
		input:      `{"m":[{"arn":"a","w":true,"n":1},{"arn":"b","w":false,"n":2},{"arn":"c","w":false,"n":3}]}`,
		path:       "A", output: `{"w":["a"],"n":2}`,
	},
	{
		name:       "a parameter that is not there",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$.no"},"End":true}}}`,
		input:      `{}`, fails: "States.ParameterPathFailure",
		alone: "it gives States.Runtime",
	},
	{
		name:       "a fixed result",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"a":[1,2]},"ResultPath":"$.r","Next":"B"},"B":{"Type":"Succeed","OutputPath":"$.r.a[1]"}}}`,
		input:      `{"x":1}`, path: "A B", output: `2`,
	},
	{
		name: "intrinsic functions",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Parameters":{
			"format.$":"States.Format('{} is {}, it\\'s \\{\\} {}', $.name, $.n, true)",
			"json.$":"States.StringToJson($.text)","text.$":"States.JsonToString($.object)",
			"list.$":"States.Array($.n, 'two', null, States.MathAdd($.n, -1))","item.$":"States.ArrayGetItem($.l, 1)",
			"nested.$":"States.ArrayGetItem(States.StringSplit('a,b', ','), 0)","sum.$":"States.MathAdd(States.ArrayLength($.l), 1)",
			"has.$":"States.ArrayContains($.l, 2)","parts.$":"States.ArrayPartition($.l, 2)","range.$":"States.ArrayRange(1, 9, 3)",
			"unique.$":"States.ArrayUnique($.twice)","merged.$":"States.JsonMerge($.object, $.other, false)",
			"b64.$":"States.Base64Encode('x y')","plain.$":"States.Base64Decode('eCB5')","hash.$":"States.Hash('x', 'SHA-256')"}}}}`,
		input: `{"name":"n","n":5,"text":"{\"a\":[1]}","object":{"a":1},"other":{"b":2},"l":[1,2,3],"twice":[1,1,2]}`,
		path:  "A", output: `{"format":"n is 5, it's {} true","json":{"a":[1]},"text":"{\"a\":1}","list":[5,"two",null,4],"item":2,"nested":"a","sum":4,"has":true,
			"parts":[[1,2],[3]],"range":[1,4,7],"unique":[1,2],"merged":{"a":1,"b":2},"b64":"eCB5","plain":"x y",
			"hash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}`,
	},
	{
		name: "the first choice that holds",
		definition: `{"StartAt":"C","States":{"C":{"Type":"Choice","Default":"D","Choices":[
			{"Variable":"$.absent","IsPresent":true,"Next":"X"},
			{"And":[{"Variable":"$.n","NumericGreaterThan":3},{"Not":{"Variable":"$.s","StringEquals":"no"}}],"Next":"X"},
			{"Or":[{"Variable":"$.n","NumericEquals":9},{"Variable":"$.s","StringMatches":"n*"}],"Next":"Y"}]},
			"D":{"Type":"Succeed"},"X":{"Type":"Succeed"},"Y":{"Type":"Succeed"}}}`,
		input: `{"n":5,"s":"no"}`, path: "C Y", output: `{"n":5,"s":"no"}`,
	},
	{
		name: "choices by path, time and kind",
		definition: `{"StartAt":"A","States":{
			"A":{"Type":"Choice","Default":"F","Choices":[{"Variable":"$.t","TimestampLessThanPath":"$.u","Next":"B"}]},
			"B":{"Type":"Choice","Default":"F","Choices":[{"Variable":"$.n","NumericLessThanEqualsPath":"$.m","Next":"C"}]},
			"C":{"Type":"Choice","Default":"F","Choices":[{"And":[{"Variable":"$.t","IsTimestamp":true},{"Variable":"$.n","IsNumeric":true},{"Variable":"$.s","IsString":true},
				{"Variable":"$.b","IsBoolean":true},{"Variable":"$.z","IsNull":true},{"Variable":"$.b","BooleanEquals":true},{"Variable":"$.s","NumericEquals":1}],"Next":"F"},
				{"Variable":"$.b","BooleanEqualsPath":"$.b","Next":"D"}]},
			"D":{"Type":"Pass","Result":"ok","End":true},"F":{"Type":"Fail","Error":"Wrong"}}}`,
		input: `{"t":"2026-01-01T00:00:00Z","u":"2026-01-01T01:30:00+01:00","n":1,"m":1,"s":"x","b":true,"z":null}`,
		path:  "A B C D", output: `"ok"`,
	},
	{
		name:       "no choice",
		definition: `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"Z"}]},"Z":{"Type":"Succeed"}}}`,
		input:      `{"a":2}`, path: "C", fails: "States.NoChoiceMatched",
	},
	{
		name:       "an error that is retried",
		definition: `{"StartAt":"A","States":{"A":` + task(`"Retry":[{"ErrorEquals":["E","F"],"MaxAttempts":2}],"End":true`) + `}}`,
		input:      `{}`, answers: answers{"A": {{Error: "E"}, {Error: "F"}, {Output: "done"}}}, path: "A", output: `"done"`,
	},
	{
		name:       "retriers that count each for itself",
		definition: `{"StartAt":"A","States":{"A":` + task(`"Retry":[{"ErrorEquals":["E"],"MaxAttempts":1},{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"End":true`) + `}}`,
		input:      `{}`, answers: answers{"A": {{Error: "E"}, {Error: "F"}, {Error: "E"}, {Output: "too late"}}}, path: "A", fails: "E",
	},
	{
		name: "an error that is caught",
		definition: `{"StartAt":"A","States":{"A":` + task(`"Retry":[{"ErrorEquals":["Rds.GlobalClusterNotFoundFault"],"MaxAttempts":1}],
			"Catch":[{"ErrorEquals":["Other"],"Next":"Y"},{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.error","Next":"Z"}],"Next":"Y"`) +
			`,"Y":{"Type":"Fail"},"Z":{"Type":"Succeed"}}}`,
		input: `{"x":1}`, answers: answers{"A": {{Error: "Rds.GlobalClusterNotFoundFault", Cause: "gone"}}},
		path: "A Z", output: `{"x":1,"error":{"Error":"Rds.GlobalClusterNotFoundFault","Cause":"gone"}}`,
	},
	{
		name:       "a failure by path",
		definition: `{"StartAt":"F","States":{"F":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('because {}', $.c)"}}}`,
		input:      `{"e":"Mine","c":"so"}`, path: "F", fails: "Mine",
		alone: "it does not know a Cause by an intrinsic function",
	},
	{
		name: "branches",
		definition: `{"StartAt":"P","States":{"P":{"Type":"Parallel","Parameters":{"v.$":"$.x"},"ResultSelector":{"a.$":"$[0]","b.$":"$[1].v"},"ResultPath":"$.r","End":true,"Branches":[
			{"StartAt":"A","States":{"A":` + task(`"End":true`) + `}},{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}]}}}`,
		input: `{"x":7}`, answers: answers{"A": {{Output: "a"}}}, output: `{"x":7,"r":{"a":"a","b":7}}`,
	},
	{
		name: "a branch that fails and is caught",
		definition: `{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"Z","Catch":[{"ErrorEquals":["E"],"ResultPath":"$.e","Next":"Z"}],"Branches":[
			{"StartAt":"A","States":{"A":` + task(`"End":true`) + `}},{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"End":true}}}]},"Z":{"Type":"Succeed"}}}`,
		input: `{"x":7}`, answers: answers{"A": {{Error: "E", Cause: "c"}}}, output: `{"x":7,"e":{"Error":"E","Cause":"c"}}`,
	},
	{
		name: "a map",
		definition: `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","x.$":"$.x"},"ResultPath":"$.r","End":true,
			"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}`,
		input: `{"l":["p","q"],"x":1}`, output: `{"l":["p","q"],"x":1,"r":[{"i":0,"v":"p","x":1},{"i":1,"v":"q","x":1}]}`,
	},
	{
		name:       "a map of nothing",
		definition: `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.l","End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}`,
		input:      `{"l":[]}`, output: `[]`, path: "M",
	},
	{
		name: "a loop until it is done",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"W"},"W":{"Type":"Wait","Seconds":10,"Next":"C"},
			"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":3,"Next":"A"}],"Default":"Z"},"Z":{"Type":"Succeed"}}}`,
		input: `{"n":0}`, path: "A W C A W C A W C Z", output: `{"n":3}`,
	},
	{
		name:       "a result that does not fit",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","ResultPath":"$.x.y","End":true}}}`,
		input:      `{"x":"text"}`, path: "A", fails: "States.ResultPathMatchFailure",
		alone: "it replaces the text, which the language does not allow",
	},
	{
		name:       "a function that fails",
		definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"States.StringToJson('{')"},"End":true}}}`,
		input:      `{}`, path: "A", fails: "States.IntrinsicFailure", alone: "it gives the error of JSON.parse",
	},
}
