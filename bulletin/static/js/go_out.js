// A phone that is locked sends what waits in it all the same.

import { send } from "./queue.js";

send().catch(() => {});
addEventListener("online", () => send().catch(() => {}));
