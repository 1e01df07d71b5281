// Asks the other region's health endpoint, as the machines' probes do, but from
// Lambda's network and on a schedule. An error makes the run a failed one.
const https = require('https');

const patience = 10000; // milliseconds

exports.handler = () => new Promise((resolve, reject) => {
  const request = https.get(process.env.URL, { timeout: patience }, (response) => {
    response.resume();
    if (response.statusCode >= 200 && response.statusCode < 400) {
      resolve();
    } else {
      reject(new Error(`${process.env.URL} answers ${response.statusCode}`));
    }
  });
  request.on('timeout', () => request.destroy(new Error(`${process.env.URL} does not answer`)));
  request.on('error', reject);
});
