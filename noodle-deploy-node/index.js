"use strict";

module.exports = require("./noodle_deploy.node");
